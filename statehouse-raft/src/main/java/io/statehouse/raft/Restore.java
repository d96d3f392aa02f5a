package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StoreFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes an empty data directory into a founding member that begins with a backup, while nothing runs.
 *
 * <p>The new cluster has a new id whatever it begins with, so its members can never meet those of the old one. All of
 * them must be restored from the same backup; forming refuses anything else.
 */
public final class Restore {
    private Restore() {}

    /**
     * What was restored.
     *
     * @param clusterId the cluster that the backup was made of
     */
    public record Restored(CommitTs at, String clusterId, int files) {}

    /**
     * Proves the backup, and only then writes.
     *
     * @throws StartRefusedException with the exit code and the sentence for the operator
     */
    public static Restored run(Path backup, Path dataDirectory, String nodeId) {
        try {
            Path data = dataDirectory.toAbsolutePath().normalize();
            requireUnused(data);
            BackupDirectory proven = BackupDirectory.prove(backup, room(data));
            Files.createDirectories(data);
            LogPosition position = fill(proven, DiskGuard.stateDirectory(data));
            DiskGuard.seed(data, nodeId, proven.id(), position);
            return new Restored(proven.at(), proven.clusterId(), proven.sums().size());
        } catch (IOException | StoreFailedException e) {
            throw new StartRefusedException(
                    ExitCode.STORAGE_FAILED,
                    "cannot restore into " + dataDirectory + ": " + e.getMessage() + "; empty it before trying again",
                    e);
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
    private static LogPosition fill(BackupDirectory backup, Path stateDirectory) throws IOException {
        var state = new SnapshotDirectory(stateDirectory, Limits.DEFAULT, Halt.ofProcess());
        state.prepare();
        Path staging = state.newStaging();
        backup.copyDatabase(staging);
        LogPosition position = SnapshotFetch.prove(state, staging);
        state.switchTo(staging);
        state.retireAllBut(state.requireCurrent());
        return position;
    }
}
