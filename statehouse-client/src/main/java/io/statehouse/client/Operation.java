package io.statehouse.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One put or delete of a committed transaction.
 *
 * @param key the key it changed
 * @param value the value that was put; null = the key was deleted, or it is erased
 * @param version the version of the key that this made
 * @param erased it was superseded, and retention has let go of what it did
 * @param expiresAt when the key loses the value; null = when it is written again
 * @param isExpiry a delete that nobody asked for: the value's time had come
 */
public record Operation(
        StateKey key,
        @Nullable Json value,
        long version,
        boolean erased,
        @Nullable Instant expiresAt,
        boolean isExpiry) {
    /** One that is not erased and whose value, if it has one, has no end. */
    public Operation(StateKey key, @Nullable Json value, long version) {
        this(key, value, version, false, null, false);
    }

    /** Whether the key was deleted. */
    public boolean isDelete() {
        return value == null && !erased;
    }
}
