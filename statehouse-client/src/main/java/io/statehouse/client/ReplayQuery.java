package io.statehouse.client;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events a replay shows. Start from {@link #of} or {@link #allAgents} and narrow it.
 *
 * @param agentId the agent; "" = every agent of the client's namespace
 * @param isOfAllNamespaces every commit of the store, whole; the agent is then ""
 * @param from the first commit_ts, included; null = from the beginning
 * @param to the last commit_ts, included; null = up to the latest commit when the replay began
 * @param limit at most this many events; 0 = all
 * @param newestFirst backwards from the newest
 * @param keyPrefix only events with an operation on a key that starts so; "" = any
 * @param kind only events with such an operation
 * @param actor only events of this actor; "" = any
 * @param labels only events that carry all of these
 * @param fromTime only events at or after this time (milliseconds count); null = any
 * @param toTime only events at or before this time (milliseconds count); null = any
 * @param read how fresh the replay must be
 */
public record ReplayQuery(
        String agentId,
        boolean isOfAllNamespaces,
        @Nullable Long from,
        @Nullable Long to,
        long limit,
        boolean newestFirst,
        String keyPrefix,
        Kind kind,
        String actor,
        Map<String, String> labels,
        @Nullable Instant fromTime,
        @Nullable Instant toTime,
        Read read) {
    /** What an event must hold to be shown. */
    public enum Kind {
        /** Anything. */
        ANY,
        /** A put. */
        PUT,
        /** A delete. */
        DELETE
    }

    /** Copies the labels and checks the limit. */
    public ReplayQuery {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        if (limit < 0) {
            throw new IllegalArgumentException("limit is " + limit + "; it must be 0 or more");
        }
    }

    /** Everything one agent did, oldest first. */
    public static ReplayQuery of(String agentId) {
        if (agentId.isEmpty()) {
            throw new IllegalArgumentException("agentId is empty; see allAgents()");
        }
        return everything(agentId, false);
    }

    /** Everything all agents of the client's namespace did, oldest first. */
    public static ReplayQuery allAgents() {
        return everything("", false);
    }

    /** Every commit of the store, whole, oldest first; the client's namespace does not count. */
    public static ReplayQuery allNamespaces() {
        return everything("", true);
    }

    private static ReplayQuery everything(String agentId, boolean isOfAllNamespaces) {
        return new ReplayQuery(
                agentId,
                isOfAllNamespaces,
                null,
                null,
                0,
                false,
                "",
                Kind.ANY,
                "",
                Map.of(),
                null,
                null,
                Read.linearizable());
    }

    /** From this commit_ts on, it included. */
    public ReplayQuery from(long commitTs) {
        return within(commitTs, to);
    }

    /** Up to this commit_ts, it included. */
    public ReplayQuery to(long commitTs) {
        return within(from, commitTs);
    }

    /** At most this many events; 0 = all. */
    public ReplayQuery limit(long events) {
        return new ReplayQuery(
                agentId,
                isOfAllNamespaces,
                from,
                to,
                events,
                newestFirst,
                keyPrefix,
                kind,
                actor,
                labels,
                fromTime,
                toTime,
                read);
    }

    /** The last {@code events} events, newest first, without reading the rest. */
    public ReplayQuery newest(long events) {
        return new ReplayQuery(
                agentId,
                isOfAllNamespaces,
                from,
                to,
                events,
                true,
                keyPrefix,
                kind,
                actor,
                labels,
                fromTime,
                toTime,
                read);
    }

    /** Only events with an operation on a key that starts so. */
    public ReplayQuery keyPrefix(String start) {
        return new ReplayQuery(
                agentId,
                isOfAllNamespaces,
                from,
                to,
                limit,
                newestFirst,
                start,
                kind,
                actor,
                labels,
                fromTime,
                toTime,
                read);
    }

    /** Only events with such an operation. */
    public ReplayQuery kind(Kind operation) {
        return new ReplayQuery(
                agentId,
                isOfAllNamespaces,
                from,
                to,
                limit,
                newestFirst,
                keyPrefix,
                operation,
                actor,
                labels,
                fromTime,
                toTime,
                read);
    }

    /** Only events of this actor. */
    public ReplayQuery actor(String name) {
        return new ReplayQuery(
                agentId,
                isOfAllNamespaces,
                from,
                to,
                limit,
                newestFirst,
                keyPrefix,
                kind,
                name,
                labels,
                fromTime,
                toTime,
                read);
    }

    /** Only events that carry this label, beside those asked for before. */
    public ReplayQuery label(String name, String value) {
        var more = new LinkedHashMap<>(labels);
        more.put(name, value);
        return new ReplayQuery(
                agentId,
                isOfAllNamespaces,
                from,
                to,
                limit,
                newestFirst,
                keyPrefix,
                kind,
                actor,
                more,
                fromTime,
                toTime,
                read);
    }

    /** Only events from this time to that, both included; null = open. Milliseconds count. */
    public ReplayQuery between(@Nullable Instant first, @Nullable Instant last) {
        return new ReplayQuery(
                agentId,
                isOfAllNamespaces,
                from,
                to,
                limit,
                newestFirst,
                keyPrefix,
                kind,
                actor,
                labels,
                first,
                last,
                read);
    }

    /** The same, read in another way. */
    public ReplayQuery read(Read how) {
        return new ReplayQuery(
                agentId,
                isOfAllNamespaces,
                from,
                to,
                limit,
                newestFirst,
                keyPrefix,
                kind,
                actor,
                labels,
                fromTime,
                toTime,
                how);
    }

    ReplayQuery within(@Nullable Long first, @Nullable Long last) {
        return new ReplayQuery(
                agentId,
                isOfAllNamespaces,
                first,
                last,
                limit,
                newestFirst,
                keyPrefix,
                kind,
                actor,
                labels,
                fromTime,
                toTime,
                read);
    }
}
