package io.statehouse.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One side of a comparison: a key, or a whole agent, at a moment. Start from {@link #of(String)} or {@link #of(StateKey)}.
 *
 * @param key the key; with an empty name the whole agent
 * @param version this version of the key, whatever the moment; 0 = none
 * @param commitTs as of this commit; null = the present or {@code time}
 * @param time as of the latest commit at or before this time (milliseconds count); null = the present or {@code commitTs}
 */
public record DiffSide(
        StateKey key,
        long version,
        @Nullable Long commitTs,
        @Nullable Instant time) {
    /** Checks that at most one moment is named. */
    public DiffSide {
        if ((version != 0 ? 1 : 0) + (commitTs != null ? 1 : 0) + (time != null ? 1 : 0) > 1) {
            throw new IllegalArgumentException("a side is of a version, as of a commit or as of a time, not several");
        }
    }

    /** A whole agent of the client's namespace, now. */
    public static DiffSide of(String agentId) {
        return of(StateKey.of(agentId, ""));
    }

    /** A key, now. */
    public static DiffSide of(StateKey key) {
        return new DiffSide(key, 0, null, null);
    }

    /** This version of the key. */
    public DiffSide version(long number) {
        return new DiffSide(key, number, null, null);
    }

    /** The same right after a commit. */
    public DiffSide asOf(long commit) {
        return new DiffSide(key, 0, commit, null);
    }

    /** The same after the latest commit at or before a time. */
    public DiffSide asOf(Instant moment) {
        return new DiffSide(key, 0, null, moment);
    }
}
