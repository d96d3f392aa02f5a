package io.statehouse.client;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
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
        /** A delete, that of an expiry too. */
        DELETE,
        /** An expiry: a delete that nobody asked for, because a deadline had come. */
        EXPIRY
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
        return new Draft(agentId, isOfAllNamespaces).query();
    }

    /** From this commit_ts on, it included. */
    public ReplayQuery from(long commitTs) {
        return within(commitTs, to);
    }

    /** Up to this commit_ts, it included. */
    public ReplayQuery to(long commitTs) {
        return within(from, commitTs);
    }

    ReplayQuery within(@Nullable Long first, @Nullable Long last) {
        return with(draft -> {
            draft.from = first;
            draft.to = last;
        });
    }

    /** At most this many events; 0 = all. */
    public ReplayQuery limit(long events) {
        return with(draft -> draft.limit = events);
    }

    /** The last {@code events} events, newest first, without reading the rest. */
    public ReplayQuery newest(long events) {
        return with(draft -> {
            draft.limit = events;
            draft.newestFirst = true;
        });
    }

    /** Only events with an operation on a key that starts so. */
    public ReplayQuery keyPrefix(String start) {
        return with(draft -> draft.keyPrefix = start);
    }

    /** Only events with such an operation. */
    public ReplayQuery kind(Kind operation) {
        return with(draft -> draft.kind = operation);
    }

    /** Only events of this actor. */
    public ReplayQuery actor(String name) {
        return with(draft -> draft.actor = name);
    }

    /** Only events that carry this label, beside those asked for before. */
    public ReplayQuery label(String name, String value) {
        return with(draft -> draft.labels.put(name, value));
    }

    /** Only events from this time to that, both included; null = open. Milliseconds count. */
    public ReplayQuery between(@Nullable Instant first, @Nullable Instant last) {
        return with(draft -> {
            draft.fromTime = first;
            draft.toTime = last;
        });
    }

    /** The same, read in another way. */
    public ReplayQuery read(Read how) {
        return with(draft -> draft.read = how);
    }

    private ReplayQuery with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.query();
    }

    /** The same fields while one of them is changed. */
    private static final class Draft {
        private final String agentId;
        private final boolean isOfAllNamespaces;
        private final Map<String, String> labels = new LinkedHashMap<>();
        private @Nullable Long from;
        private @Nullable Long to;
        private long limit;
        private boolean newestFirst;
        private String keyPrefix = "";
        private Kind kind = Kind.ANY;
        private String actor = "";
        private @Nullable Instant fromTime;
        private @Nullable Instant toTime;
        private Read read = Read.linearizable();

        Draft(String agentId, boolean isOfAllNamespaces) {
            this.agentId = agentId;
            this.isOfAllNamespaces = isOfAllNamespaces;
        }

        Draft(ReplayQuery query) {
            this(query.agentId, query.isOfAllNamespaces);
            labels.putAll(query.labels);
            from = query.from;
            to = query.to;
            limit = query.limit;
            newestFirst = query.newestFirst;
            keyPrefix = query.keyPrefix;
            kind = query.kind;
            actor = query.actor;
            fromTime = query.fromTime;
            toTime = query.toTime;
            read = query.read;
        }

        ReplayQuery query() {
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
                    read);
        }
    }
}
