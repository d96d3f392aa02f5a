package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.history.Journal;
import io.statehouse.statemachine.history.Rewind;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.storage.RocksStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Makes an empty data directory into a founding member that begins with a backup, while nothing runs.
 *
 * <p>The new cluster has a new id whatever it begins with, so its members can never meet those of the old one. All of
 * them must be restored from the same backup to the same point; forming refuses anything else.
 */
public final class Restore {
    private static final int ROWS_PER_STEP = 10_000;

    private final Path data;
    private final SnapshotDirectory state;
    private final RestorePoint point;

    private Restore(Path data, RestorePoint point) {
        this.data = data;
        this.state = new SnapshotDirectory(DiskGuard.stateDirectory(data), Limits.DEFAULT, Halt.ofProcess());
        this.point = point;
    }

    /**
     * What was restored.
     *
     * @param holds how far the restored state has come
     * @param clusterId the cluster that the backup was made of
     */
    public record Restored(Applied holds, String clusterId, int files) {
        /** The last commit it holds. */
        public CommitTs at() {
            return holds.commitTs();
        }
    }

    /** All of a backup; see {@link #run(Path, Path, String, RestorePoint)}. */
    public static Restored run(Path backup, Path dataDirectory, String nodeId) {
        return run(backup, dataDirectory, nodeId, new RestorePoint.End());
    }

    /**
     * Proves the backup, and only then writes; what is refused leaves nothing behind.
     *
     * @throws StartRefusedException with the exit code and the sentence for the operator
     */
    public static Restored run(Path backup, Path dataDirectory, String nodeId, RestorePoint point) {
        Path data = dataDirectory.toAbsolutePath().normalize();
        try {
            DiskGuard.requireNodeId(nodeId);
            requireUnused(data);
            BackupDirectory proven = BackupDirectory.prove(backup, room(data));
            return new Restore(data, point).run(proven, nodeId);
        } catch (IOException | StoreFailedException e) {
            throw new StartRefusedException(
                    ExitCode.STORAGE_FAILED, "cannot restore into " + dataDirectory + ": " + e.getMessage(), e);
        }
    }

    private Restored run(BackupDirectory backup, String nodeId) throws IOException {
        boolean isDone = false;
        boolean isMadeHere = !Files.exists(data);
        Files.createDirectories(data);
        try {
            Applied holds = fill(backup);
            DiskGuard.seed(data, nodeId, seedOf(backup, holds), holds.position());
            isDone = true;
            return new Restored(holds, backup.clusterId(), backup.sums().size());
        } finally {
            if (!isDone) {
                SnapshotDirectory.remove(isMadeHere ? data : DiskGuard.stateDirectory(data));
            }
        }
    }

    private static void requireUnused(Path data) throws IOException {
        if (!Files.exists(data)) {
            return;
        }
        try (var entries = Files.list(data)) {
            if (entries.anyMatch(entry -> !entry.getFileName().toString().equals("lost+found"))) {
                throw new StartRefusedException(
                        ExitCode.IDENTITY_REFUSED,
                        data + " is not empty; a backup is restored into an empty directory only");
            }
        }
    }

    /** Bytes that a backup may have: what is free where it goes, less what a node needs to run. */
    private static long room(Path data) throws IOException {
        Path existing = data;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return Math.max(0, Files.getFileStore(existing).getUsableSpace() - DiskGuard.FREE_BYTES_MIN);
    }

    /** Goes the way of a snapshot that arrives: staging, proof, pointer. */
    private Applied fill(BackupDirectory backup) throws IOException {
        state.prepare();
        Path staging = state.newStaging();
        backup.copyDatabase(staging);
        CommitTs at = findPoint(backup, staging);
        if (!(point instanceof RestorePoint.End)) {
            takeBack(staging, at);
        }
        LogPosition unused = SnapshotFetch.prove(state, staging);
        Applied holds = state.progressOf(staging);
        state.switchTo(staging);
        state.retireAllBut(state.requireCurrent());
        return holds;
    }

    private CommitTs findPoint(BackupDirectory backup, Path staging) {
        try (var whole = StateMachine.open(RocksStore.open(staging), Limits.DEFAULT)) {
            CommitTs last = whole.progress().commitTs();
            if (!last.equals(backup.at())) {
                throw BackupDirectory.refused("the backup says that it ends at commit_ts " + backup.at()
                        + ", and its state ends at commit_ts " + last);
            }
            CommitTs at = switch (point) {
                case RestorePoint.End end -> last;
                case RestorePoint.AtCommit commit -> commit.at();
                case RestorePoint.AtTime time -> whole.journal().latestAt(time.wallMillis());
            };
            boolean isWithin = !at.equals(CommitTs.ZERO) && !at.isAfter(last);
            if (!isWithin && !(point instanceof RestorePoint.End)) {
                throw noSuchPoint(whole.journal(), last);
            }
            return at;
        }
    }

    private static StartRefusedException noSuchPoint(Journal journal, CommitTs last) {
        String held = last.equals(CommitTs.ZERO)
                ? "no commits"
                : "the commits 1 to " + last + ", the first of "
                        + Instant.ofEpochMilli(journal.wallMillis(CommitTs.ZERO.next()));
        return new StartRefusedException(
                ExitCode.BAD_CONFIGURATION,
                "there is no such point in the backup; it holds " + held + "; nothing was written");
    }

    private static void takeBack(Path staging, CommitTs at) {
        try (RocksStore store = RocksStore.open(staging)) {
            rewind(store, at);
            String wrong = StoreProof.of(store, ROWS_PER_STEP).wrong();
            if (wrong != null) {
                throw BackupDirectory.refused("the state at commit_ts " + at + " cannot be had: " + wrong);
            }
        }
    }

    private static void rewind(RocksStore store, CommitTs at) {
        try {
            Applied unused = Rewind.run(store, at);
        } catch (IllegalArgumentException e) {
            throw new StartRefusedException(ExitCode.BAD_CONFIGURATION, e.getMessage() + "; nothing was written", e);
        }
    }

    /** Founders that begin with different commits of one backup must not meet. */
    private String seedOf(BackupDirectory backup, Applied holds) {
        if (point instanceof RestorePoint.End) {
            return backup.id();
        }
        byte[] text = (backup.id() + "@" + holds.commitTs()).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(SnapshotSender.sha256().digest(text));
    }
}
