package io.statehouse.client;

import org.jspecify.annotations.Nullable;

/**
 * One put or delete of a committed transaction.
 *
 * @param key the key it changed
 * @param value the value that was put; null = the key was deleted, or it is erased
 * @param version the version of the key that this made
 * @param erased it was superseded, and retention has let go of what it did
 */
public record Operation(StateKey key, @Nullable Json value, long version, boolean erased) {
    /** One that is not erased. */
    public Operation(StateKey key, @Nullable Json value, long version) {
        this(key, value, version, false);
    }

    /** Whether the key was deleted. */
    public boolean isDelete() {
        return value == null && !erased;
    }
}
