package io.statehouse.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fresh a read must be, and which moment it reads.
 *
 * @param freshness what the answering node must have applied before it answers
 * @param atLeastCommitTs with {@link Freshness#AT_LEAST}: the commit that must be seen; otherwise 0
 * @param asOfCommitTs read the state as of this commit; null = the present or {@code asOfTime}
 * @param asOfTime read the state as of the latest commit at or before this instant (milliseconds count); null = the
 *     present or {@code asOfCommitTs}
 */
public record Read(
        Freshness freshness,
        long atLeastCommitTs,
        @Nullable Long asOfCommitTs,
        @Nullable Instant asOfTime) {
    /** What a node must have applied before it answers a read. */
    public enum Freshness {
        /** Every commit that was acknowledged to anyone before the call began. */
        LINEARIZABLE,
        /** At least the named commit: what a caller needs to see its own writes, without asking the leader. */
        AT_LEAST,
        /** Whatever the node has: cheap, and possibly old. Two such reads may go back in time. */
        LOCAL
    }

    private static final Read LINEARIZABLE = new Read(Freshness.LINEARIZABLE, 0, null, null);
    private static final Read LOCAL = new Read(Freshness.LOCAL, 0, null, null);

    /** Checks that at most one moment is named. */
    public Read {
        if (asOfCommitTs != null && asOfTime != null) {
            throw new IllegalArgumentException("a read is as of a commit or as of a time, not both");
        }
    }

    /** Sees every commit that was acknowledged before the call began. The default. */
    public static Read linearizable() {
        return LINEARIZABLE;
    }

    /** Sees at least the commit {@code commitTs}; waits on the answering node until it is there. */
    public static Read atLeast(long commitTs) {
        return new Read(Freshness.AT_LEAST, commitTs, null, null);
    }

    /** Sees whatever the answering node has. */
    public static Read local() {
        return LOCAL;
    }

    /** This read, of the state as it was right after the commit {@code commitTs}. */
    public Read asOf(long commitTs) {
        return new Read(freshness, atLeastCommitTs, commitTs, null);
    }

    /** This read, of the state as it was after the latest commit at or before {@code time} (milliseconds count). */
    public Read asOf(Instant time) {
        return new Read(freshness, atLeastCommitTs, null, time);
    }

    /** This read, on a node that has applied at least {@code commitTs}. */
    Read butAtLeast(long commitTs) {
        return new Read(Freshness.AT_LEAST, commitTs, asOfCommitTs, asOfTime);
    }
}
