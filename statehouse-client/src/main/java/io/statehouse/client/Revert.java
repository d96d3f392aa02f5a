package io.statehouse.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to put back to what it was. Start from {@link #agent} or {@link #key}, and say one moment.
 *
 * @param key the key; with an empty name the whole agent
 * @param toVersion what this version of the key held; 0 = none
 * @param toCommitTs what was held right after this commit; null = none
 * @param toTime what was held after the latest commit at or before this time (milliseconds count); null = none
 * @param id the transaction id, which makes a repetition harmless; "" = one of the client's
 * @param origin who and what it comes from
 */
public record Revert(
        StateKey key,
        long toVersion,
        @Nullable Long toCommitTs,
        @Nullable Instant toTime,
        String id,
        Origin origin) {
    /** A whole agent of the client's namespace. */
    public static Revert agent(String agentId) {
        return key(StateKey.of(agentId, ""));
    }

    /** One key. */
    public static Revert key(StateKey key) {
        return new Revert(key, 0, null, null, "", Origin.NONE);
    }

    /** To what a version held. */
    public Revert toVersion(long version) {
        return new Revert(key, version, null, null, id, origin);
    }

    /** To what was held right after a commit. */
    public Revert to(long commitTs) {
        return new Revert(key, 0, commitTs, null, id, origin);
    }

    /** To what was held after the latest commit at or before a time. */
    public Revert to(Instant time) {
        return new Revert(key, 0, null, time, id, origin);
    }

    /** Under this transaction id: it is done once however often it is sent, and a conflict is not tried again. */
    public Revert id(String transactionId) {
        return new Revert(key, toVersion, toCommitTs, toTime, transactionId, origin);
    }

    /** From this origin. */
    public Revert origin(Origin whoAndWhat) {
        return new Revert(key, toVersion, toCommitTs, toTime, id, whoAndWhat);
    }
}
