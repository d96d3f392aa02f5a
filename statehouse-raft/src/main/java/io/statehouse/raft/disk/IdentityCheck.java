package io.statehouse.raft.disk;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.raft.disk.SealedLines.UnreadableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads who a data directory belongs to, and refuses one that belongs to somebody else or to nobody any more. */
final class IdentityCheck {
    static final String FILE = "identity";

    /** A new file system has the last one before anybody used it. */
    private static final Set<String> MEANS_NOTHING =
            Set.of(DirectoryLock.NAME, FILE + DurableFile.TEMPORARY_SUFFIX, Ballast.NAME, "lost+found");

    private final Path directory;
    private final String nodeId;

    IdentityCheck(Path directory, String nodeId) {
        this.directory = directory;
        this.nodeId = nodeId;
    }

    /**
     * The identity in the directory; null when nobody has used it yet.
     *
     * @param raft where Ratis keeps one directory per cluster
     */
    @Nullable
    NodeIdentity read(Path raft) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            requireUnused();
            return null;
        }
        NodeIdentity identity = parse(file);
        if (!identity.nodeId().equals(nodeId)) {
            throw refused("the data directory " + directory + " belongs to node " + identity.nodeId() + ", not to "
                    + nodeId + "; check STATEHOUSE_NODE_ID and STATEHOUSE_DATA_DIR");
        }
        requireOwnRaftDirectory(identity, raft);
        return identity;
    }

    void write(NodeIdentity identity) throws IOException {
        DurableFile.replace(directory.resolve(FILE), IdentityText.encode(identity, Set.of()));
    }

    private void requireUnused() throws IOException {
        List<String> found = unexpectedNames(directory, MEANS_NOTHING);
        if (!found.isEmpty()) {
            throw refused(
                    "the data directory " + directory + " holds " + found + " but no " + FILE
                            + " file, so nobody can tell whose they are; bring the file back, or start with an empty directory");
        }
    }

    /** An empty directory that nobody gave leave to use. */
    StartRefusedException refusedEmpty() {
        return refused("the data directory " + directory + " is empty. If " + nodeId
                + " is to found a new cluster, start it with --init (STATEHOUSE_INIT=1) once. If it was a member"
                + " before, its disk is lost or not mounted: mount it, or start it with --join (STATEHOUSE_JOIN=1) and"
                + " let it in again: statehousectl cluster replace " + nodeId);
    }

    private NodeIdentity parse(Path file) throws IOException {
        try {
            return IdentityText.decode(Files.readAllBytes(file)).identity();
        } catch (UnreadableException e) {
            throw new StartRefusedException(
                    ExitCode.IDENTITY_REFUSED,
                    e.isNewer()
                            ? file + " was written by a newer release: " + e.getMessage() + "; start that release"
                            : file + " is damaged: " + e.getMessage() + ". " + Repair.REPLACE,
                    e);
        }
    }

    private void requireOwnRaftDirectory(NodeIdentity identity, Path raft) throws IOException {
        if (identity.state() == NodeIdentity.State.FORMING) {
            return;
        }
        String own = String.valueOf(identity.clusterId());
        List<String> foreign = Files.isDirectory(raft) ? unexpectedNames(raft, Set.of(own)) : List.of();
        if (!foreign.isEmpty()) {
            throw refused("this node belongs to cluster " + own + ", but " + raft + " holds " + foreign
                    + "; these directories are not of one node");
        }
        if (identity.state() == NodeIdentity.State.MEMBER && !Files.isDirectory(raft.resolve(own))) {
            throw refused(raft.resolve(own) + " is missing, and with it the votes and the log of " + nodeId
                    + ". Mount or bring it back, or start with an empty directory and --join, then: statehousectl cluster replace "
                    + nodeId);
        }
    }

    private static List<String> unexpectedNames(Path directory, Set<String> expected) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> !expected.contains(name))
                    .sorted()
                    .forEach(names::add);
        }
        return names;
    }

    private static StartRefusedException refused(String message) {
        return new StartRefusedException(ExitCode.IDENTITY_REFUSED, message);
    }

    /** The id of one life of a node's disk, drawn when the disk is new. */
    static UUID newIncarnation() {
        return UUID.randomUUID();
    }
}
