package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import io.statehouse.raft.disk.OfflineLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.storage.RocksStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;

/**
 * Makes a backup of all that a node holds which survived the loss of its majority, while it does not run: its state, and every
 * entry of its log, also those of which nobody knows any more whether they were committed.
 *
 * <p>A new cluster begins with it; the old one must not come back beside it and is of another id. What had been acknowledged is in
 * it when this node was among those who had acknowledged it: of several survivors the one whose log reaches farthest is to be taken.
 */
public final class Salvage {
    private Salvage() {}

    /**
     * What was saved.
     *
     * @param last entry of the log; the survivor with the greatest term, and in it the greatest index, holds most
     */
    public record Saved(String nodeId, LogPosition last, CommitTs at) {}

    /**
     * Proves the log as a start does, and writes the backup. The data directory is otherwise left as it is.
     *
     * @param backup must not exist
     * @throws StartRefusedException with the exit code and the sentence for the operator
     */
    public static Saved run(Path dataDirectory, Path backup) {
        Path data = dataDirectory.toAbsolutePath().normalize();
        Path target = backup.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw BackupDirectory.refused(target + " exists");
        }
        try {
            OfflineLog log = OfflineLog.of(data);
            Closeable lock = DiskGuard.lock(data);
            try {
                return save(data, log, target);
            } finally {
                lock.close();
            }
        } catch (IOException | StoreFailedException e) {
            throw new StartRefusedException(
                    ExitCode.STORAGE_FAILED, "cannot save what " + dataDirectory + " holds: " + e.getMessage(), e);
        }
    }

    /** Takes away a torn record at the end of a log; see {@link OfflineLog#prove}. Returns the last entry. */
    public static LogPosition repairLog(Path dataDirectory) {
        Path data = dataDirectory.toAbsolutePath().normalize();
        try {
            OfflineLog log = OfflineLog.of(data);
            Closeable lock = DiskGuard.lock(data);
            try {
                SnapshotDirectory state = stateIn(data);
                return log.prove(state.progressOf(state.requireCurrent()).position());
            } finally {
                lock.close();
            }
        } catch (IOException | StoreFailedException e) {
            throw new StartRefusedException(
                    ExitCode.STORAGE_FAILED, "the log in " + dataDirectory + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static SnapshotDirectory stateIn(Path data) {
        return new SnapshotDirectory(DiskGuard.stateDirectory(data), Limits.DEFAULT, Halt.ofProcess());
    }

    private static Saved save(Path data, OfflineLog log, Path target) throws IOException {
        Path scratch = target.resolveSibling(target.getFileName() + ".scratch");
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        SnapshotDirectory.remove(scratch);
        SnapshotDirectory.remove(partial);
        Files.createDirectories(directoryOf(target));
        copy(stateIn(data).requireCurrent(), scratch);
        LogPosition last;
        Applied holds;
        try (StateMachine state = StateMachine.open(RocksStore.open(scratch), Limits.DEFAULT)) {
            last = log.prove(state.applied());
            log.read(state.applied(), (position, entry) -> apply(state, position, entry));
            LogPosition unused = state.makeDurable();
            holds = state.progress();
            state.checkpoint(partial);
        } finally {
            SnapshotDirectory.remove(scratch);
        }
        RocksStore.verify(partial);
        seal(partial, log.clusterId(), holds.commitTs());
        // The survivor may be the only copy there is, and its disk is wiped next.
        SnapshotDirectory.forceAll(partial);
        Files.move(partial, target);
        SnapshotDirectory.forceDirectory(directoryOf(target));
        return new Saved(log.nodeId(), last, holds.commitTs());
    }

    private static Path directoryOf(Path target) {
        return Objects.requireNonNull(target.getParent(), "a path below the root");
    }

    private static void apply(StateMachine state, LogPosition position, ByteBuffer entry) throws IOException {
        LogEntryProto proto = LogEntryProto.parseFrom(entry);
        if (proto.hasStateMachineLogEntry()) {
            ByteBuffer batch = proto.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer();
            var unused = state.execute(position, LogCodec.decode(batch));
        } else {
            state.skip(position);
        }
    }

    private static void copy(Path database, Path target) throws IOException {
        Files.createDirectories(target);
        try (var files = Files.list(database)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    /** Says what it is, and then names every file with its checksum. */
    private static void seal(Path backup, String clusterId, CommitTs at) throws IOException {
        Files.writeString(
                backup.resolve(BackupDirectory.ABOUT),
                "format=" + BackupDirectory.FORMAT + "\ncluster=" + clusterId + "\ncommit_ts=" + at + "\n");
        var sums = new StringBuilder();
        try (var files = Files.list(backup)) {
            for (Path file : files.sorted().toList()) {
                sums.append(HexFormat.of().formatHex(BackupDirectory.sha256Of(file)))
                        .append("  ")
                        .append(file.getFileName())
                        .append('\n');
            }
        }
        Files.writeString(backup.resolve(BackupDirectory.SUMS), sums, StandardCharsets.UTF_8);
    }
}
