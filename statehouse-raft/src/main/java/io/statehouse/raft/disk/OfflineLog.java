package io.statehouse.raft.disk;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.raft.disk.SealedLines.UnreadableException;
import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Raft log in the data directory of a node that does not run. */
public final class OfflineLog {
    private final Path directory;
    private final NodeIdentity identity;

    /** Takes one entry, as Ratis wrote it. */
    @FunctionalInterface
    public interface Reader {
        void read(LogPosition position, ByteBuffer entry) throws IOException;
    }

    private OfflineLog(Path directory, NodeIdentity identity) {
        this.directory = directory;
        this.identity = identity;
    }

    /**
     * The log of a data directory.
     *
     * @throws StartRefusedException when it is no directory of a node that was a member
     */
    public static OfflineLog of(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(IdentityCheck.FILE);
        if (!Files.exists(file)) {
            throw refused(dataDirectory + " is no data directory of a node");
        }
        try {
            NodeIdentity identity =
                    IdentityText.decode(Files.readAllBytes(file)).identity();
            boolean hasLog =
                    identity.state() == NodeIdentity.State.MEMBER || identity.state() == NodeIdentity.State.REMOVED;
            if (!hasLog) {
                throw refused("node " + identity.nodeId() + " was never a member, so it has no log");
            }
            return new OfflineLog(dataDirectory, identity);
        } catch (UnreadableException e) {
            throw refused(file + " cannot be read: " + e.getMessage());
        }
    }

    private static StartRefusedException refused(String message) {
        return new StartRefusedException(ExitCode.IDENTITY_REFUSED, message);
    }

    /** The cluster that the node was a member of. */
    public String clusterId() {
        return String.valueOf(identity.clusterId());
    }

    /** The node. */
    public String nodeId() {
        return identity.nodeId();
    }

    /**
     * Makes the log whole as a start does: takes away a record that a crash cut short and nobody acknowledged, and refuses
     * everything else that is not as it must be.
     *
     * @param durable what the state holds for certain
     * @return the last entry
     * @throws StartRefusedException with the facts; nothing was changed
     */
    public LogPosition prove(LogPosition durable) throws IOException {
        Path marks = directory.resolve(DiskGuard.MARKS);
        LogTailCheck check = new LogTailCheck(segments(), LogMarks.read(marks), durable);
        check.prove().write(marks);
        return check.last();
    }

    /** Reads the entries behind a position, in order. The log must be proven. */
    public void read(LogPosition after, Reader reader) throws IOException {
        for (SegmentFile segment : SegmentFile.list(segments())) {
            byte[] file = Files.readAllBytes(segment.path());
            int offset = SegmentScan.HEADER.length;
            for (LogRecord record = LogRecord.intactAt(file, offset);
                    record != null;
                    record = LogRecord.intactAt(file, offset)) {
                if (record.position().index() > after.index()) {
                    reader.read(record.position(), record.entryIn(file));
                }
                offset = record.end();
            }
        }
    }

    private Path segments() {
        return DiskGuard.metadataDirectory(directory, identity);
    }
}
