package io.statehouse.client;

import org.jspecify.annotations.Nullable;

/**
 * One put or delete of a committed transaction.
 *
 * @param key the key it changed
 * @param value the value that was put; null = the key was deleted
 * @param version the version of the key that this made
 */
public record Operation(StateKey key, @Nullable Json value, long version) {
    /** Whether the key was deleted. */
    public boolean isDelete() {
        return value == null;
    }
}
