package io.statehouse.client;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to watch. Start from {@link #of} or {@link #allAgents} and narrow it.
 *
 * @param agentId the agent; "" = every agent of the client's namespace
 * @param from the first commit_ts, included, which may lie in the past; null = what commits from now on
 * @param keyPrefix only events with an operation on a key that starts so; "" = any
 * @param kind only events with such an operation
 * @param actor only events of this actor; "" = any
 * @param labels only events that carry all of these
 * @param progress how often the server says how far it has come while nothing matches, 100 ms at least; null = 5 s
 */
public record WatchQuery(
        String agentId,
        @Nullable Long from,
        String keyPrefix,
        ReplayQuery.Kind kind,
        String actor,
        Map<String, String> labels,
        @Nullable Duration progress) {
    /** Copies the labels. */
    public WatchQuery {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** Everything one agent does from now on. */
    public static WatchQuery of(String agentId) {
        if (agentId.isEmpty()) {
            throw new IllegalArgumentException("agentId is empty; see allAgents()");
        }
        return new WatchQuery(agentId, null, "", ReplayQuery.Kind.ANY, "", Map.of(), null);
    }

    /** Everything all agents of the client's namespace do from now on. */
    public static WatchQuery allAgents() {
        return new WatchQuery("", null, "", ReplayQuery.Kind.ANY, "", Map.of(), null);
    }

    /** From this commit on, which may lie in the past. */
    public WatchQuery from(long first) {
        return new WatchQuery(agentId, first, keyPrefix, kind, actor, labels, progress);
    }

    /** Only events with an operation on a key that starts so. */
    public WatchQuery keyPrefix(String start) {
        return new WatchQuery(agentId, from, start, kind, actor, labels, progress);
    }

    /** Only events with such an operation. */
    public WatchQuery kind(ReplayQuery.Kind operation) {
        return new WatchQuery(agentId, from, keyPrefix, operation, actor, labels, progress);
    }

    /** Only events of this actor. */
    public WatchQuery actor(String name) {
        return new WatchQuery(agentId, from, keyPrefix, kind, name, labels, progress);
    }

    /** Only events that carry this label, beside those asked for before. */
    public WatchQuery label(String name, String value) {
        var more = new LinkedHashMap<>(labels);
        more.put(name, value);
        return new WatchQuery(agentId, from, keyPrefix, kind, actor, more, progress);
    }

    /** With marks this often while nothing matches. */
    public WatchQuery progress(Duration interval) {
        return new WatchQuery(agentId, from, keyPrefix, kind, actor, labels, interval);
    }
}
