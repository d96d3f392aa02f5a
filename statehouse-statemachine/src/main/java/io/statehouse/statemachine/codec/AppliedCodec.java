package io.statehouse.statemachine.codec;

import com.google.protobuf.ByteString;
import io.statehouse.proto.storage.v1.AppliedRow;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The row of the meta table that says how far the store has come. */
public final class AppliedCodec {
    private static final int FORMAT = 1;

    private static final int JOURNAL_INDEXES = 1;

    private static final int ALL_HEADS = 2;

    /**
     * Counts up with each release that keeps more, or keeps it otherwise: the indexes of the journal, then the heads of keys,
     * then those of late commits in memory only. A release that meets another number than its own makes all of them again.
     */
    private static final int INDEXES = 3;

    private static final byte[] KEY = "applied".getBytes(StandardCharsets.UTF_8);
    private static final byte[] HEADS_KEY = "heads".getBytes(StandardCharsets.UTF_8);

    private AppliedCodec() {}

    public static byte[] key() {
        return KEY.clone();
    }

    /** The row that says up to which commit the table of heads has them; there is none while it has all. */
    public static byte[] headsKey() {
        return HEADS_KEY.clone();
    }

    /**
     * The last commit whose heads, and those of all before, are in the table; null when no head is missing, or when the store is
     * of a release that does not write heads late.
     */
    public static @Nullable CommitTs headsUpTo(Rows rows) {
        byte[] applied = rows.get(Table.META, KEY);
        byte[] row = rows.get(Table.META, HEADS_KEY);
        if (applied == null || row == null || !hasIndexes(applied)) {
            return null;
        }
        long upTo = row.length == Long.BYTES ? KeyCodec.number(row) : -1;
        if (upTo < 0 || upTo > decode(applied).commitTs().value()) {
            throw new StoreFailedException("the row cannot be read that says which heads are missing");
        }
        return new CommitTs(upTo);
    }

    /** How far a store has come; nothing is asked of its other rows. */
    public static Applied read(Rows rows) {
        byte[] row = rows.get(Table.META, KEY);
        return row == null ? Applied.NOTHING : decode(row);
    }

    public static byte[] encode(Applied applied) {
        Applied.Forgetting forgetting = applied.forgetting();
        return AppliedRow.newBuilder()
                .setFormat(FORMAT)
                .setTerm(applied.position().term())
                .setIndex(applied.position().index())
                .setCommitTs(applied.commitTs().value())
                .setWallMs(applied.wallMillis())
                .setLogWallMs(applied.logWallMillis())
                .setChainHash(ByteString.copyFrom(applied.chainHash()))
                .setDigest(ByteString.copyFrom(applied.digest().toBytes()))
                .setRefusals(forgetting.refusals())
                .setRefusalsSwept(forgetting.refusalsSwept())
                .setCommitsSwept(forgetting.commitsSwept().value())
                .setIndexes(INDEXES)
                .setRetainedNamespaces(applied.trimming().namespaces())
                .setTrimmed(toStored(applied.trimming().trimmed()))
                .setQuotas(applied.quotas())
                .setFeatureLevel(applied.featureLevel() == FeatureLevel.FIRST ? 0 : applied.featureLevel())
                .build()
                .toByteArray();
    }

    /** Whether the store has every index that this release keeps, but for the heads that it says are missing. */
    public static boolean hasIndexes(byte[] bytes) {
        return indexes(bytes) == INDEXES;
    }

    /** Whether the store is of the release that kept no head in memory only. */
    public static boolean hasAllHeads(byte[] bytes) {
        return indexes(bytes) == ALL_HEADS;
    }

    /** Whether the store has the indexes of the journal, and lacks at most what came after them. */
    public static boolean hasJournalIndexes(byte[] bytes) {
        return indexes(bytes) >= JOURNAL_INDEXES;
    }

    private static int indexes(byte[] bytes) {
        return Stored.parse(AppliedRow.parser(), bytes, "how far the store has come")
                .getIndexes();
    }

    public static Applied decode(byte[] bytes) {
        AppliedRow row = Stored.parse(AppliedRow.parser(), bytes, "how far the store has come");
        if (row.getFormat() != FORMAT) {
            throw new StoreFailedException(
                    "the store has format " + row.getFormat() + ", this release knows " + FORMAT);
        }
        if (row.getFeatureLevel() > FeatureLevel.LATEST) {
            throw new StoreFailedException("the store has feature level " + row.getFeatureLevel()
                    + ", this release knows " + FeatureLevel.LATEST + "; start a newer one");
        }
        return new Applied(
                new LogPosition(row.getTerm(), row.getIndex()),
                new CommitTs(row.getCommitTs()),
                row.getWallMs(),
                row.getLogWallMs(),
                row.getChainHash().toByteArray(),
                StateDigest.ofBytes(row.getDigest().toByteArray()),
                new Applied.Forgetting(row.getRefusals(), row.getRefusalsSwept(), new CommitTs(row.getCommitsSwept())),
                new Applied.Trimming(row.getRetainedNamespaces(), toDigest(row.getTrimmed())),
                Math.max(FeatureLevel.FIRST, row.getFeatureLevel()),
                row.getQuotas());
    }

    /** Nothing stands for the empty digest, so that a store without retention reads as an earlier release wrote it. */
    private static ByteString toStored(StateDigest digest) {
        return digest.equals(StateDigest.EMPTY) ? ByteString.EMPTY : ByteString.copyFrom(digest.toBytes());
    }

    private static StateDigest toDigest(ByteString stored) {
        return stored.isEmpty() ? StateDigest.EMPTY : StateDigest.ofBytes(stored.toByteArray());
    }
}
