package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.Sha256;

/**
 * How far a store has come, written with every unit of rows.
 *
 * @param wallMillis wall time of the commit
 * @param logWallMillis log time: the largest proposed wall time so far
 * @param chainHash SHA-256 chain over all events
 * @param digest over all version rows ever written
 * @param forgetting how far the ledger has been swept
 * @param trimming what retention has let go
 * @param featureLevel what the log may hold
 * @param quotas how many namespaces have or had a quota
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a record; the chain is 32 bytes that nobody changes
public record Applied(
        LogPosition position,
        CommitTs commitTs,
        long wallMillis,
        long logWallMillis,
        byte[] chainHash,
        StateDigest digest,
        Forgetting forgetting,
        Trimming trimming,
        int featureLevel,
        long quotas) {
    /** An empty store. */
    public static final Applied NOTHING = new Applied(
            LogPosition.NONE,
            CommitTs.ZERO,
            0,
            0,
            new byte[Sha256.BYTES],
            StateDigest.EMPTY,
            Forgetting.NOTHING,
            Trimming.NOTHING,
            FeatureLevel.FIRST,
            0);

    public Applied at(LogPosition later) {
        return new Applied(
                later,
                commitTs,
                wallMillis,
                logWallMillis,
                chainHash,
                digest,
                forgetting,
                trimming,
                featureLevel,
                quotas);
    }

    /** Log time never falls, whatever a new leader's clock says. */
    public Applied withLogTime(long proposedWallMillis) {
        long later = Math.max(logWallMillis, proposedWallMillis);
        return new Applied(
                position, commitTs, wallMillis, later, chainHash, digest, forgetting, trimming, featureLevel, quotas);
    }

    public Applied committed(CommitPoint point, byte[] newChainHash, StateDigest newDigest) {
        return new Applied(
                position,
                point.commitTs(),
                point.wallMillis(),
                logWallMillis,
                newChainHash,
                newDigest,
                forgetting,
                trimming,
                featureLevel,
                quotas);
    }

    /** An earlier commit as the last one: log time too is what it was then. The place in the log stays. */
    public Applied takenBackTo(
            CommitPoint earlier, byte[] chainThen, StateDigest digestThen, Forgetting forgettingThen) {
        return new Applied(
                position,
                earlier.commitTs(),
                earlier.wallMillis(),
                earlier.wallMillis(),
                chainThen,
                digestThen,
                forgettingThen,
                trimming,
                featureLevel,
                quotas);
    }

    public Applied with(Forgetting later) {
        return new Applied(
                position,
                commitTs,
                wallMillis,
                logWallMillis,
                chainHash,
                digest,
                later,
                trimming,
                featureLevel,
                quotas);
    }

    public Applied with(Trimming later) {
        return new Applied(
                position,
                commitTs,
                wallMillis,
                logWallMillis,
                chainHash,
                digest,
                forgetting,
                later,
                featureLevel,
                quotas);
    }

    /** What the log may hold from now on; it never falls. */
    public Applied withFeatureLevel(int level) {
        int higher = Math.max(featureLevel, level);
        return new Applied(
                position, commitTs, wallMillis, logWallMillis, chainHash, digest, forgetting, trimming, higher, quotas);
    }

    public Applied withQuotas(long namespaces) {
        return new Applied(
                position,
                commitTs,
                wallMillis,
                logWallMillis,
                chainHash,
                digest,
                forgetting,
                trimming,
                featureLevel,
                namespaces);
    }

    public CommitPoint point() {
        return new CommitPoint(commitTs, wallMillis);
    }

    /**
     * How far the ledger has been swept.
     *
     * @param refusals how many replies that are no commits have been kept
     * @param refusalsSwept how many of them have been looked at to be forgotten
     * @param commitsSwept the last commit whose reply has been looked at to be forgotten
     */
    public record Forgetting(long refusals, long refusalsSwept, CommitTs commitsSwept) {
        public static final Forgetting NOTHING = new Forgetting(0, 0, CommitTs.ZERO);
    }

    /**
     * What retention has let go.
     *
     * @param namespaces how many namespaces have or had a policy
     * @param trimmed over the version rows that are gone
     */
    public record Trimming(long namespaces, StateDigest trimmed) {
        public static final Trimming NOTHING = new Trimming(0, StateDigest.EMPTY);
    }
}
