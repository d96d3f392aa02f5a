package io.statehouse.statemachine.codec;

import com.google.protobuf.ByteString;
import io.statehouse.proto.storage.v1.LedgerAborted;
import io.statehouse.proto.storage.v1.LedgerCommitted;
import io.statehouse.proto.storage.v1.LedgerConflict;
import io.statehouse.proto.storage.v1.LedgerInvalid;
import io.statehouse.proto.storage.v1.LedgerNotApplicable;
import io.statehouse.proto.storage.v1.LedgerRefused;
import io.statehouse.proto.storage.v1.LedgerRetentionSet;
import io.statehouse.proto.storage.v1.LedgerRow;
import io.statehouse.proto.storage.v1.LedgerTokensChanged;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.history.Fingerprint;
import io.statehouse.statemachine.history.KeptReply;

/** The reply kept under a transaction id. */
public final class LedgerCodec {
    private LedgerCodec() {}

    public static byte[] encode(KeptReply kept) {
        LedgerRow.Builder row = LedgerRow.newBuilder()
                .setFingerprint(ByteString.copyFrom(kept.fingerprint().toBytes()))
                .setKeptWallMs(kept.keptWallMillis());
        LedgerRow.Builder replied = switch (kept.reply()) {
            case Reply.Committed committed -> row.setCommitted(toStored(committed));
            case Reply.Conflict conflict -> row.setConflict(toStored(conflict));
            case Reply.Aborted aborted -> row.setAborted(LedgerAborted.getDefaultInstance());
            case Reply.LimitExceeded exceeded -> row.setRefused(toStored(exceeded));
            case Reply.Invalid invalid ->
                row.setInvalid(
                        LedgerInvalid.newBuilder().setField(invalid.field()).setReason(invalid.reason()));
            case Reply.NotApplicable edit ->
                row.setNotApplicable(LedgerNotApplicable.newBuilder()
                        .setKey(Stored.toStored(edit.key()))
                        .setOperation(edit.operation())
                        .setReason(edit.reason()));
            case Reply.RetentionSet set -> row.setRetentionSet(LedgerRetentionSet.getDefaultInstance());
            case Reply.TokensChanged changed -> row.setTokensChanged(LedgerTokensChanged.getDefaultInstance());
            case Reply.Done done -> throw notKept(done);
            case Reply.IdReused reused -> throw notKept(reused);
            case Reply.IdExpired expired -> throw notKept(expired);
        };
        return replied.build().toByteArray();
    }

    public static KeptReply decode(byte[] bytes) {
        LedgerRow row = Stored.parse(LedgerRow.parser(), bytes, "a kept reply");
        Fingerprint fingerprint = Fingerprint.ofBytes(row.getFingerprint().toByteArray());
        return new KeptReply(fingerprint, row.getKeptWallMs(), toReply(row));
    }

    private static IllegalArgumentException notKept(Reply reply) {
        return new IllegalArgumentException("this reply is not kept in the ledger: " + reply);
    }

    private static LedgerCommitted toStored(Reply.Committed committed) {
        return LedgerCommitted.newBuilder()
                .setCommitTs(committed.commitTs().value())
                .setWallMs(committed.wallMillis())
                .addAllVersions(committed.versions())
                .build();
    }

    private static LedgerConflict toStored(Reply.Conflict conflict) {
        return LedgerConflict.newBuilder()
                .setKey(Stored.toStored(conflict.key()))
                .setCondition(conflict.condition())
                .setCurrentVersion(conflict.currentVersion())
                .setCurrentCommitTs(conflict.currentCommitTs().value())
                .build();
    }

    private static LedgerRefused toStored(Reply.LimitExceeded exceeded) {
        return LedgerRefused.newBuilder()
                .setLimit(exceeded.limit())
                .setMax(exceeded.max())
                .setActual(exceeded.actual())
                .build();
    }

    private static Reply toReply(LedgerRow row) {
        return switch (row.getReplyCase()) {
            case COMMITTED -> toReply(row.getCommitted());
            case CONFLICT -> toReply(row.getConflict());
            case ABORTED -> new Reply.Aborted();
            case RETENTION_SET -> new Reply.RetentionSet();
            case TOKENS_CHANGED -> new Reply.TokensChanged();
            case REFUSED -> toReply(row.getRefused());
            case NOT_APPLICABLE ->
                new Reply.NotApplicable(
                        Stored.toKey(row.getNotApplicable().getKey()),
                        row.getNotApplicable().getOperation(),
                        row.getNotApplicable().getReason());
            case INVALID ->
                new Reply.Invalid(row.getInvalid().getField(), row.getInvalid().getReason());
            case REPLY_NOT_SET -> throw new StoreFailedException("the ledger holds a reply this release does not know");
        };
    }

    private static Reply toReply(LedgerCommitted stored) {
        return new Reply.Committed(
                new CommitTs(stored.getCommitTs()), stored.getWallMs(), stored.getVersionsList(), false);
    }

    private static Reply toReply(LedgerConflict stored) {
        return new Reply.Conflict(
                Stored.toKey(stored.getKey()),
                stored.getCondition(),
                stored.getCurrentVersion(),
                new CommitTs(stored.getCurrentCommitTs()));
    }

    private static Reply toReply(LedgerRefused stored) {
        return new Reply.LimitExceeded(stored.getLimit(), stored.getMax(), stored.getActual());
    }
}
