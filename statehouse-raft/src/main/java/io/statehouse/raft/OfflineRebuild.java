package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.history.Rebuild;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.Table;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Derives the state of a data directory anew from its events, beside it, and compares both row by row, while nothing runs.
 *
 * <p>The directory is left as it was. The derived state takes as much room as the one that is there, and is removed.
 */
public final class OfflineRebuild {
    private static final int ROWS_PER_STEP = 10_000;

    private OfflineRebuild() {}

    /**
     * What a rebuild came to.
     *
     * @param at the last commit that was derived
     * @param chainHash in hex
     * @param digest in hex
     * @param difference what differs; null when nothing does
     */
    public record Outcome(
            CommitTs at,
            String chainHash,
            String digest,
            @Nullable String difference) {}

    /**
     * Proves the journal and what was made of it, then makes it again and compares.
     *
     * @throws StartRefusedException when the directory is none, is in use, or has no room beside it
     */
    public static Outcome run(Path dataDirectory) {
        Path data = dataDirectory.toAbsolutePath().normalize();
        var state = new SnapshotDirectory(DiskGuard.stateDirectory(data), Limits.DEFAULT, Halt.ofProcess());
        if (!Files.isDirectory(DiskGuard.stateDirectory(data))) {
            throw new StartRefusedException(ExitCode.BAD_CONFIGURATION, data + " is no data directory of a node");
        }
        try {
            return runAlone(data, state);
        } catch (IOException | StoreFailedException e) {
            throw new StartRefusedException(
                    ExitCode.STORAGE_FAILED, "cannot rebuild " + dataDirectory + ": " + e.getMessage(), e);
        }
    }

    private static Outcome runAlone(Path data, SnapshotDirectory state) throws IOException {
        Closeable lock = DiskGuard.lock(data);
        try {
            Path database = state.requireCurrent();
            requireRoom(database);
            try (RocksStore original = RocksStore.openReadOnly(database)) {
                return compare(original, state);
            }
        } finally {
            lock.close();
        }
    }

    private static Outcome compare(RocksStore original, SnapshotDirectory state) throws IOException {
        StoreProof.Finding finding = StoreProof.of(original, ROWS_PER_STEP);
        if (finding.wrong() != null) {
            return new Outcome(finding.verified(), finding.chainHash(), finding.digest(), finding.wrong());
        }
        Path scratch = state.newStaging();
        try (RocksStore made = RocksStore.open(scratch)) {
            String difference = difference(Rebuild.run(original, made));
            return new Outcome(finding.verified(), finding.chainHash(), finding.digest(), difference);
        } finally {
            SnapshotDirectory.remove(scratch);
        }
    }

    private static @Nullable String difference(Rebuild.Outcome outcome) {
        if (!outcome.isDigestSame()) {
            return "the rows made of the events add up to another digest";
        }
        Table table = outcome.firstDiffering();
        return table == null ? null : "table " + table.diskName() + " is not what the events make of it";
    }

    private static void requireRoom(Path database) throws IOException {
        long bytes = 0;
        try (var files = Files.list(database)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        long room = Files.getFileStore(database).getUsableSpace() - DiskGuard.FREE_BYTES_MIN;
        if (bytes > room) {
            throw new StartRefusedException(
                    ExitCode.STORAGE_FAILED,
                    "the state has " + bytes + " bytes, and there is room for " + Math.max(0, room) + " beside it");
        }
    }
}
