package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.codec.JournalRecord;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Goes along the journal and proves each commit: its place, its hash in the chain, its values and the rows made of it. */
final class JournalWalk {
    private final Rows rows;
    private final Applied target;
    private final DerivedRows derived;
    private CommitTs reached;
    private byte[] chain;
    private long wallMillis;
    private StateDigest digest = StateDigest.EMPTY;

    /** False while it goes through commits of a release that kept no digest, having begun among them. */
    private boolean isDigestKnown = true;

    /** @param from the first commit to prove; what lies before it is believed */
    JournalWalk(Rows rows, Applied target, CommitTs from) {
        this.rows = rows;
        this.target = target;
        this.derived = new DerivedRows(rows);
        this.reached = from;
        this.chain = new byte[Sha256.BYTES];
    }

    /** Stands on the commit before the first one. */
    @Nullable
    Fault begin() {
        if (reached.isAfter(target.commitTs())) {
            reached = target.commitTs();
        }
        if (reached.equals(CommitTs.ZERO)) {
            return null;
        }
        byte[] row = rows.get(Table.JOURNAL, KeyCodec.ofNumber(reached.value()));
        JournalRecord record = row == null ? null : JournalRecord.read(row);
        if (record == null) {
            return new Fault(reached, "the commit before the first one to verify cannot be read");
        }
        chain = record.chainHash();
        wallMillis = record.commit().wallMillis();
        StateDigest kept = record.digest();
        isDigestKnown = kept != null;
        digest = kept == null ? StateDigest.EMPTY : kept;
        return null;
    }

    /** Proves the next commits; null when nothing is wrong with them. */
    @Nullable
    Fault step(int commitsMax) {
        KeyRange range = KeyRange.between(KeyCodec.ofNumber(reached.value() + 1), null);
        try (Cursor cursor = rows.ascending(Table.JOURNAL, range)) {
            for (int commits = 0; commits < commitsMax && !isAtTarget(); commits++) {
                CommitTs at = reached.next();
                if (!cursor.advance() || !Arrays.equals(cursor.key(), KeyCodec.ofNumber(at.value()))) {
                    return new Fault(at, "the commit is missing in the journal");
                }
                String wrong = prove(at, JournalRecord.read(cursor.value()));
                if (wrong != null) {
                    return new Fault(at, wrong);
                }
                reached = at;
            }
            return isAtTarget() ? atTarget(cursor) : null;
        }
    }

    private @Nullable String prove(CommitTs at, @Nullable JournalRecord record) {
        if (record == null) {
            return "the row of the journal cannot be read";
        }
        if (!record.commit().commitTs().equals(at)) {
            return "the event says that it is commit " + record.commit().commitTs();
        }
        chain = HashChain.next(chain, record.event());
        if (!Arrays.equals(chain, record.chainHash())) {
            return "the chain's hash does not follow from the event and the hash before";
        }
        Integer forged = record.firstForgedValue();
        if (forged != null) {
            return "the value of operation " + forged + " is not the one that the event commits to";
        }
        if (record.commit().wallMillis() < wallMillis) {
            return "the wall time falls below that of the commit before";
        }
        wallMillis = record.commit().wallMillis();
        DerivedRows.Findings findings = derived.compare(record.commit(), digest);
        StateDigest kept = record.digest();
        // The rows of what is erased cannot be made again, so the digest with them is believed.
        boolean isProvable = isDigestKnown && kept != null && !record.hasErased();
        if (findings.wrong() == null && isProvable && !findings.digest().equals(kept)) {
            return "the rows of this commit do not lead from the digest before to the one that apply kept";
        }
        isDigestKnown = kept != null || (isDigestKnown && !record.hasErased());
        digest = kept == null ? findings.digest() : kept;
        return findings.wrong();
    }

    private @Nullable Fault atTarget(Cursor cursor) {
        if (cursor.advance()) {
            return new Fault(
                    new CommitTs(KeyCodec.number(cursor.key())),
                    "the journal goes on beyond what the store has applied");
        }
        return Arrays.equals(chain, target.chainHash())
                ? null
                : new Fault(reached, "the chain ends in another hash than the store says");
    }

    boolean isAtTarget() {
        return reached.equals(target.commitTs());
    }

    /** The last commit proven. */
    CommitTs reached() {
        return reached;
    }

    /** The chain's hash with that commit. */
    byte[] chain() {
        return chain.clone();
    }
}
