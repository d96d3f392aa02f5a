package io.statehouse.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a key holds, with the numbers that made it.
 *
 * @param key the key
 * @param value the value; null if the key holds none (deleted or never written)
 * @param version the key's version, counted from 1 over puts and deletes; 0 = never written. A value staged in an open
 *     {@link Transaction} has version 0 too
 * @param commitTs the commit that made this version; 0 where version is 0
 * @param committedAt the wall-clock time of that commit, to the millisecond; the epoch where version is 0
 * @param readTs the commit_ts of the state that answered: nothing later was seen, everything earlier was
 */
public record Entry(String key, @Nullable Json value, long version, long commitTs, Instant committedAt, long readTs) {
    /** Whether the key holds a value. */
    public boolean exists() {
        return value != null;
    }

    /**
     * The value of a key that holds one.
     *
     * @throws IllegalStateException if it holds none
     */
    public Json require() {
        if (value == null) {
            throw new IllegalStateException("the key holds no value");
        }
        return value;
    }
}
