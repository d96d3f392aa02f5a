package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.event.Event;
import java.util.List;

/**
 * Which operations a watch asks for.
 *
 * @param agent empty = every agent of the namespace
 */
public record WatchScope(String namespace, String agent, String keyPrefix) {

    public boolean holds(Key key) {
        return key.agent().namespace().equals(namespace)
                && (agent.isEmpty() || key.agent().id().equals(agent))
                && key.name().startsWith(keyPrefix);
    }

    /** The events in scope, in their order. */
    public List<Event> cut(List<Event> events) {
        return events.stream().filter(event -> holds(event.key())).toList();
    }
}
