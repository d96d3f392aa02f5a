package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.codec.LedgerCodec;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.state.Applied.Forgetting;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the reply to every transaction id, so that a repeated request is answered and not repeated.
 *
 * <p>A reply is forgotten when log time has passed it by the retention. That alone decides what an id is answered; when its row
 * is deleted does not. Deleting is bounded work beside each command: the two oldest commits and the two oldest other replies
 * are looked at.
 */
public final class ReplyLedger {
    private static final int SWEPT_PER_COMMAND = 2;

    private final long retentionMillis;

    /** Log time of the oldest reply not yet looked at, so that nothing is read before it is due. Derived, never stored. */
    private long nextCommitDue = Long.MIN_VALUE;

    private long nextRefusalDue = Long.MIN_VALUE;

    public ReplyLedger(Limits limits) {
        this.retentionMillis = limits.txnIdRetention().toMillis();
    }

    /** The answer to a request whose id has a history; null when the id is new. */
    public @Nullable Reply answer(Command command, Fingerprint asked, long logWallMillis, Rows rows) {
        KeptReply kept = find(command.txnId(), logWallMillis, rows);
        if (kept == null) {
            return refuseIfExpired(command.txnId(), logWallMillis);
        }
        boolean isOther = !asked.equals(Fingerprint.NOTHING_ASKED)
                && !kept.fingerprint().equals(Fingerprint.NOTHING_ASKED)
                && !asked.equals(kept.fingerprint());
        return isOther ? new Reply.IdReused() : repeated(kept.reply());
    }

    /** The reply kept under an id and not forgotten by now; null when there is none. */
    public @Nullable KeptReply find(TxnId id, long logWallMillis, Rows rows) {
        byte[] row = rows.get(Table.LEDGER, KeyCodec.ofTxn(id));
        KeptReply kept = row == null ? null : LedgerCodec.decode(row);
        return kept == null || isForgotten(kept.keptWallMillis(), logWallMillis) ? null : kept;
    }

    /** A reply as it is given again. */
    public static Reply repeated(Reply reply) {
        return reply instanceof Reply.Committed committed
                ? new Reply.Committed(committed.commitTs(), committed.wallMillis(), committed.versions(), true)
                : reply;
    }

    /** Keeps a reply under a new id. */
    public Forgetting keep(TxnId id, KeptReply kept, Forgetting forgetting, WriteUnit unit) {
        byte[] key = KeyCodec.ofTxn(id);
        unit.put(Table.LEDGER, key, LedgerCodec.encode(kept));
        if (kept.reply() instanceof Reply.Committed) {
            // Its place in the order of forgetting is its place in the journal.
            return forgetting;
        }
        long number = forgetting.refusals() + 1;
        unit.put(Table.REFUSALS, KeyCodec.ofNumber(number), KeyCodec.ofRefusal(kept.keptWallMillis(), key));
        return new Forgetting(number, forgetting.refusalsSwept(), forgetting.commitsSwept());
    }

    /** Deletes a few rows that log time has passed. */
    public Forgetting sweep(Forgetting before, CommitTs latest, long logWallMillis, WriteUnit unit) {
        Forgetting forgetting = before;
        for (int swept = 0; swept < SWEPT_PER_COMMAND; swept++) {
            forgetting = sweepRefusal(sweepCommit(forgetting, latest, logWallMillis, unit), logWallMillis, unit);
        }
        return forgetting;
    }

    private Forgetting sweepCommit(Forgetting forgetting, CommitTs latest, long logWallMillis, WriteUnit unit) {
        if (!latest.isAfter(forgetting.commitsSwept()) || !isForgotten(nextCommitDue, logWallMillis)) {
            return forgetting;
        }
        CommitTs at = forgetting.commitsSwept().next();
        byte[] row = require(unit.get(Table.JOURNAL, KeyCodec.ofNumber(at.value())), "commit " + at);
        nextCommitDue = JournalCodec.decodeWallMillis(row);
        if (!isForgotten(nextCommitDue, logWallMillis)) {
            return forgetting;
        }
        deleteIfForgotten(KeyCodec.ofTxn(JournalCodec.decodeTxnId(row)), logWallMillis, unit);
        return new Forgetting(forgetting.refusals(), forgetting.refusalsSwept(), at);
    }

    private Forgetting sweepRefusal(Forgetting forgetting, long logWallMillis, WriteUnit unit) {
        if (forgetting.refusals() == forgetting.refusalsSwept() || !isForgotten(nextRefusalDue, logWallMillis)) {
            return forgetting;
        }
        long number = forgetting.refusalsSwept() + 1;
        byte[] order = KeyCodec.ofNumber(number);
        byte[] refusal = require(unit.get(Table.REFUSALS, order), "refusal " + number);
        nextRefusalDue = KeyCodec.number(refusal);
        if (!isForgotten(nextRefusalDue, logWallMillis)) {
            return forgetting;
        }
        deleteIfForgotten(KeyCodec.txnOfRefusal(refusal), logWallMillis, unit);
        unit.delete(Table.REFUSALS, order);
        return new Forgetting(forgetting.refusals(), number, forgetting.commitsSwept());
    }

    /** An id that was forgotten may have been used again: then its row is young, and stays. */
    private void deleteIfForgotten(byte[] id, long logWallMillis, WriteUnit unit) {
        byte[] row = unit.get(Table.LEDGER, id);
        if (row != null && isForgotten(LedgerCodec.decode(row).keptWallMillis(), logWallMillis)) {
            unit.delete(Table.LEDGER, id);
        }
    }

    /** What can still be said of a request that was answered so long ago that the answer is gone. */
    public Reply forgotten(long logWallMillis) {
        return new Reply.IdExpired(0, logWallMillis - retentionMillis);
    }

    private @Nullable Reply refuseIfExpired(TxnId id, long logWallMillis) {
        long madeAt = TimedId.madeAtMillis(id);
        long oldestAccepted = logWallMillis - retentionMillis;
        return madeAt != TimedId.UNKNOWN && madeAt < oldestAccepted
                ? new Reply.IdExpired(madeAt, oldestAccepted)
                : null;
    }

    private boolean isForgotten(long keptWallMillis, long logWallMillis) {
        return keptWallMillis < logWallMillis - retentionMillis;
    }

    private static byte[] require(byte @Nullable [] row, String what) {
        if (row == null) {
            throw new StoreFailedException(what + " is missing; this replica must stop");
        }
        return row;
    }
}
