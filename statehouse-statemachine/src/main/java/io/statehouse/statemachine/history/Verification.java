package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.storage.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Proof that a store holds what its journal says: every event against the hash chain, every value against its commitment,
 * every row against the event it was made of, and all rows, with what retention has let go of, against the digest that apply
 * kept.
 *
 * <p>It looks at one moment of the store while that goes on, page by page and with memory for one page. For one thread at a
 * time. It must be closed; when the store is closed first, it throws an {@link IllegalStateException}.
 */
public final class Verification implements AutoCloseable {
    private final Snapshot rows;
    private final Applied target;
    private final JournalWalk walk;
    private VersionCount count;
    private boolean isBegun;
    private boolean isSearching;
    private boolean areFilesProven;

    private Verification(Snapshot rows, Applied target, CommitTs before) {
        this.rows = rows;
        this.target = target;
        this.walk = new JournalWalk(rows, target, before);
        this.count = VersionCount.adding(rows);
    }

    /**
     * Takes its place before the first commit to prove.
     *
     * @param from the first commit to prove; 0 and 1 = all of them
     */
    public static Verification begin(Snapshot rows, CommitTs from) {
        Applied target = AppliedCodec.read(rows);
        CommitTs before = from.equals(CommitTs.ZERO) ? from : new CommitTs(from.value() - 1);
        return new Verification(rows, target, before);
    }

    /**
     * Looks at the next rows.
     *
     * @param rowsMax how many commits or versions at most
     * @return how far it has come; with the verdict in the last one, after which there is nothing to ask
     */
    public Progress next(int rowsMax) {
        if (rowsMax < 1) {
            throw new IllegalArgumentException("a page of " + rowsMax + " rows never ends");
        }
        Fault fault = nextFault(rowsMax);
        if (fault != null) {
            return progress(new Verdict(
                    fault.at(), fault.reason(), walk.chain(), target.digest().toBytes()));
        }
        return progress(
                areFilesProven
                        ? new Verdict(null, "", walk.chain(), target.digest().toBytes())
                        : null);
    }

    private @Nullable Fault nextFault(int rowsMax) {
        if (!isBegun) {
            isBegun = true;
            Fault fault = walk.begin();
            return fault == null ? walk.step(rowsMax) : fault;
        }
        if (!walk.isAtTarget()) {
            return walk.step(rowsMax);
        }
        if (count.isFinished()) {
            rows.proveFiles();
            areFilesProven = true;
            return null;
        }
        count.step(rowsMax);
        if (!count.isFinished()) {
            return null;
        }
        return isSearching ? found() : compare();
    }

    /** All commits are as they must be, so when the sum is not, some row has no event: it is worth a second round to name it. */
    private @Nullable Fault compare() {
        if (!count.digest().plus(target.trimming().trimmed()).equals(target.digest())) {
            isSearching = true;
            count = VersionCount.searching(rows);
        }
        return null;
    }

    private Fault found() {
        CommitTs at = count.firstUnaccounted();
        return at == null
                ? new Fault(
                        target.commitTs(), "every row has its event, and their sum is not the digest that apply kept")
                : new Fault(at, "a row of table versions has no event or says something else than it");
    }

    private Progress progress(@Nullable Verdict verdict) {
        return new Progress(walk.reached(), target.commitTs(), verdict);
    }

    @Override
    public void close() {
        rows.close();
    }

    /**
     * How far a verification has come.
     *
     * @param verified the last commit found right
     * @param target the last commit of the moment it looks at
     */
    public record Progress(
            CommitTs verified, CommitTs target, @Nullable Verdict verdict) {}

    /**
     * What a verification came to.
     *
     * @param firstBad the first commit that does not agree; null when all do
     * @param reason what does not agree
     * @param chainHash of the last commit found right
     * @param digest as apply kept it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; two hashes that nobody changes
    public record Verdict(@Nullable CommitTs firstBad, String reason, byte[] chainHash, byte[] digest) {
        public boolean isIntact() {
            return firstBad == null;
        }
    }
}
