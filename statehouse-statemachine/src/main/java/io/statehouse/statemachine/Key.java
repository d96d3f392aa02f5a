package io.statehouse.statemachine;

import java.util.Comparator;

/**
 * The name of one value of one agent.
 *
 * <p>The order is only there to be one: hash maps fall back on it when a caller chooses names that collide. Rows are ordered by
 * the bytes of their names.
 */
public record Key(Agent agent, String name) implements Comparable<Key> {
    private static final Comparator<Key> ORDER = Comparator.comparing(Key::name)
            .thenComparing(key -> key.agent.id())
            .thenComparing(key -> key.agent.namespace())
            .thenComparing(key -> key.agent.timeline());
    private static final int SPREAD = 0x9E3779B9;

    /** Spread, because names that count up, of agents that count up, would make the same sums. */
    @Override
    public int hashCode() {
        int hash = name.hashCode() * SPREAD;
        hash = (Integer.rotateLeft(hash, Short.SIZE) ^ agent.id().hashCode()) * SPREAD;
        return (Integer.rotateLeft(hash, Short.SIZE) ^ agent.namespace().hashCode()) * SPREAD
                + agent.timeline().id();
    }

    @Override
    public int compareTo(Key other) {
        return ORDER.compare(this, other);
    }
}
