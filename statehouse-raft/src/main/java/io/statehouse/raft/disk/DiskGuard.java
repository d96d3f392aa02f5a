package io.statehouse.raft.disk;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.Halt;
import io.statehouse.raft.Member;
import io.statehouse.raft.RaftOptions;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.raft.disk.LogMarks.CleanStop;
import io.statehouse.raft.tls.MemberTls;
import io.statehouse.statemachine.LogPosition;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.impl.FollowerState;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.apache.ratis.util.SizeInBytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a data directory only if it can prove that this node may vote with it.
 *
 * <p>In order: {@link #open} before anything else, {@link #proveLog} when the durable position of the state is known and
 * before {@code RaftServer.build()}, the {@code record} methods while running, {@link #recordCleanStop} after the Raft
 * server is closed, {@link #close} last. Ratis is always started with {@code RECOVER}: its directory was made here.
 */
public final class DiskGuard implements AutoCloseable {
    /**
     * With less, this node could not even write down that it is in trouble. Well below what a node keeps free for deletes, so
     * that one that became full starts again.
     */
    public static final long FREE_BYTES_MIN = 128L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);
    private static final Pattern NODE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    static final String MARKS = "marks";
    private static final String ADMITTED = "admitted";

    private final Path directory;
    private final NodeIdentity identity;
    private final DirectoryLock lock;
    private final Halt halt;
    // Guards the marks and their file.
    private final Object marksLock = new Object();
    private LogMarks marks;

    private DiskGuard(Path directory, NodeIdentity identity, DirectoryLock lock, Halt halt) {
        this.directory = directory;
        this.identity = identity;
        this.lock = lock;
        this.halt = halt;
        this.marks = LogMarks.read(directory.resolve(MARKS));
    }

    /**
     * Locks the directory, checks who it belongs to and what it voted, and for a new cluster waits until all founding
     * members have met: the Raft port is answered here meanwhile and free again on return.
     *
     * @throws StartRefusedException with the exit code and the sentence for the operator
     */
    public static DiskGuard open(RaftOptions options, Halt halt) {
        return open(options, halt, new IdentityLink(options.tls()), FREE_BYTES_MIN);
    }

    static DiskGuard open(RaftOptions options, Halt halt, IdentityProbe probe, long freeBytesMin) {
        requireOwnClasses();
        requireNodeId(options);
        Path directory = options.dataDirectory().toAbsolutePath().normalize();
        try {
            DurableFile.createDirectories(directory);
            DirectoryLock lock = DirectoryLock.take(directory);
            try {
                requireSpace(directory, freeBytesMin);
                return new DiskGuard(directory, becomeMember(options, directory, probe, halt), lock, halt);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartRefusedException(
                    ExitCode.STORAGE_FAILED, "the data directory " + directory + " cannot be used: " + e, e);
        }
    }

    private static void requireOwnClasses() {
        try {
            AtomicFileOutputStream.forcesDirectory();
            FollowerState.countsFromTheLastMessage();
        } catch (NoSuchMethodError | IllegalAccessError e) {
            throw new StartRefusedException(
                    ExitCode.BAD_CONFIGURATION,
                    "Ratis's own " + AtomicFileOutputStream.class.getName() + " or " + FollowerState.class.getName()
                            + " was loaded, which can forget a vote in a power cut or find a dead leader late;"
                            + " put statehouse-raft before Ratis on the class path",
                    e);
        }
    }

    private static void requireNodeId(RaftOptions options) {
        String id = options.self().id();
        requireNodeId(id);
        if (options.members().stream().noneMatch(member -> member.id().equals(id))) {
            throw new StartRefusedException(
                    ExitCode.BAD_CONFIGURATION, id + " is not one of the members " + options.members());
        }
    }

    private static void requireSpace(Path directory, long freeBytesMin) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < freeBytesMin) {
            throw new StartRefusedException(
                    ExitCode.STORAGE_FAILED,
                    "only " + (free >> 20) + " MiB are free in " + directory + ", and a node needs "
                            + (freeBytesMin >> 20) + " MiB to start; free space or move the directory"
                            + (Ballast.isThere(directory)
                                    ? "; for now, delete " + directory.resolve(Ballast.NAME) + ", start, and free more"
                                    : ""));
        }
    }

    /**
     * Checks the name of a node.
     *
     * @throws StartRefusedException when it is none
     */
    public static void requireNodeId(String id) {
        if (!NODE_ID.matcher(id).matches()) {
            throw new StartRefusedException(
                    ExitCode.BAD_CONFIGURATION, "the node id '" + id + "' does not match " + NODE_ID.pattern());
        }
    }

    /**
     * Keeps every node out of a directory until it is closed.
     *
     * @throws StartRefusedException when one uses it
     */
    public static Closeable lock(Path dataDirectory) throws IOException {
        return DirectoryLock.take(dataDirectory);
    }

    /** Every step is on disk before the next one begins, so a start goes on where a crash ended the last one. */
    private static NodeIdentity becomeMember(RaftOptions options, Path directory, IdentityProbe probe, Halt halt)
            throws IOException {
        IdentityCheck check = new IdentityCheck(directory, options.self().id());
        NodeIdentity identity = check.read(raftDirectory(directory));
        if (identity == null) {
            identity = begin(options, check, probe);
            check.write(identity);
        }
        if (identity.state() == NodeIdentity.State.REMOVED) {
            throw new StartRefusedException(
                    ExitCode.REMOVED,
                    "cluster " + identity.clusterId() + " has removed " + identity.nodeId()
                            + "; to let it in again, start it with an empty data directory and --join");
        }
        if (identity.state() == NodeIdentity.State.FORMING) {
            NodeIdentity founder = new Forming(options, probe).meet(identity);
            identity = founder == null ? begin(options, check, probe) : founder;
            check.write(identity);
            LOG.info(
                    "{} a cluster cluster={} member={} founders={}",
                    identity.isFounder() ? "founded" : "waits to be let in to",
                    identity.clusterId(),
                    identity.nodeId(),
                    identity.founders().keySet());
        }
        Path metadata = metadataDirectory(directory, identity);
        if (identity.state() == NodeIdentity.State.FORMED) {
            MetadataWitness.watch(metadata, halt);
            LogPosition begin = beginOf(identity);
            format(groupDirectory(directory, identity), begin);
            LogMarks.NONE.withInstalled(begin).write(directory.resolve(MARKS));
            identity = identity.asMember();
            check.write(identity);
        }
        MetadataWitness.check(metadata);
        MetadataWitness.watch(metadata, halt);
        return identity;
    }

    private static NodeIdentity begin(RaftOptions options, IdentityCheck check, IdentityProbe probe) {
        return switch (options.firstStart()) {
            case REFUSED -> throw check.refusedEmpty();
            case FOUND -> NodeIdentity.fresh(options.self().id(), IdentityCheck.newIncarnation());
            case JOIN -> new Joining(options.self(), options.members(), probe).meet();
        };
    }

    /** A cluster that begins with a backup goes on behind it, as if all members had installed the same snapshot. */
    private static LogPosition beginOf(NodeIdentity identity) {
        Seed seed = identity.seed();
        return seed == null ? LogPosition.NONE : seed.position();
    }

    /**
     * Lets Ratis make its directory, empty: nothing has been voted before this. Terms begin where those of the state end,
     * or an old entry would pass for a newer one.
     */
    private static void format(Path group, LogPosition begin) throws IOException {
        DurableFile.createDirectories(group);
        try (RaftStorage storage = RaftStorage.newBuilder()
                .setDirectory(group.toFile())
                .setOption(RaftStorage.StartupOption.FORMAT)
                .setLogCorruptionPolicy(CorruptionPolicy.EXCEPTION)
                .setStorageFreeSpaceMin(SizeInBytes.valueOf(0))
                .build()) {
            storage.initialize();
            if (begin.index() >= 0) {
                storage.getMetadataFile().persist(RaftStorageMetadata.valueOf(begin.term(), null));
            }
        }
        DurableFile.forceDirectory(group);
    }

    private static Path raftDirectory(Path directory) {
        return directory.resolve("raft");
    }

    private static Path groupDirectory(Path directory, NodeIdentity identity) {
        return raftDirectory(directory).resolve(String.valueOf(identity.clusterId()));
    }

    static Path metadataDirectory(Path directory, NodeIdentity identity) {
        return groupDirectory(directory, identity).resolve("current");
    }

    /** Complete: state is MEMBER, the cluster id and all founders are known. */
    public NodeIdentity identity() {
        return identity;
    }

    /** For {@code raft.server.storage.dir}; the group's directory in it is named by the cluster id. */
    public Path raftDirectory() {
        return raftDirectory(directory);
    }

    /** Where the state machine may keep its database and snapshots. */
    public Path stateDirectory() {
        return stateDirectory(directory);
    }

    /** The same of any data directory. */
    public static Path stateDirectory(Path dataDirectory) {
        return dataDirectory.resolve("state");
    }

    /**
     * Makes a directory, whose state was restored before, into one of a founding member that has not met the others yet.
     *
     * @param backup what all founders must begin with
     */
    public static void seed(Path dataDirectory, String nodeId, String backup, LogPosition position) throws IOException {
        new IdentityCheck(dataDirectory, nodeId)
                .write(NodeIdentity.fresh(nodeId, IdentityCheck.newIncarnation())
                        .with(new Seed(backup, position)));
    }

    /** Asks another node who it is; null when it does not answer in time. */
    public static @Nullable NodeIdentity identityOf(Member node, MemberTls tls) {
        IdentityText.Answer answer = new IdentityLink(tls).ask(node);
        return answer == null ? null : answer.identity();
    }

    /** Answers peers that still form; to be added to the gRPC server on the Raft port. */
    public ServerServiceDefinition identityService() {
        byte[] answer = IdentityText.encode(identity, Set.of());
        return IdentityLink.service(() -> answer);
    }

    /**
     * Reads the whole log, cuts off a torn last record that was never acknowledged, and refuses everything else that is
     * not as it must be.
     *
     * @param durable what the state on this disk holds for certain
     * @throws StartRefusedException with the facts and the way to repair
     */
    public void proveLog(LogPosition durable) {
        synchronized (marksLock) {
            try {
                marks = new LogTailCheck(metadataDirectory(directory, identity), marks, durable).prove();
                marks.write(directory.resolve(MARKS));
            } catch (IOException e) {
                throw new StartRefusedException(
                        ExitCode.STORAGE_FAILED, "the Raft log in " + directory + " cannot be read: " + e, e);
            }
        }
    }

    /**
     * Notes durably that the log on this disk reaches a committed entry, so a later start can miss it. Cheap enough for
     * every flush of the state: two fsyncs.
     */
    public void recordCommitted(LogPosition committed) {
        record(current -> current.withCommitted(committed));
    }

    /** Notes durably, before the state is switched to it, that a snapshot brings the state beyond the log. */
    public void recordInstall(LogPosition installed) {
        record(current -> current.withInstalled(installed));
    }

    /** Notes durably, before it happens, that entries from this index on are taken back because a new leader has others. */
    public void recordTruncation(long fromIndex) {
        record(current -> current.withCut(fromIndex));
    }

    /** After the Raft server is closed: notes exactly what the log holds. */
    public void recordCleanStop() {
        CleanStop stop;
        try {
            stop = LogTailCheck.stopOf(metadataDirectory(directory, identity));
        } catch (IOException e) {
            halt.now(ExitCode.LOG_DAMAGED, "the log cannot be read back at the end", e);
            return;
        }
        if (stop != null) {
            record(current -> current.withStop(stop));
        }
    }

    /** Notes durably that the cluster goes on without this member, so that it stays quiet however often it is started. */
    public void recordRemoved() {
        try {
            new IdentityCheck(directory, identity.nodeId()).write(identity.asRemoved());
        } catch (IOException e) {
            LOG.warn("cannot note in {} that this member was removed", directory, e);
        }
    }

    /** Notes durably that the cluster has let this node in: from now on it is removed when it does not belong. */
    public void recordAdmitted() {
        try {
            DurableFile.replace(
                    directory.resolve(ADMITTED), (identity.peerId() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            halt.now(ExitCode.STORAGE_FAILED, "cannot write " + directory.resolve(ADMITTED), e);
        }
    }

    /** Whether this node has ever belonged to the cluster. One that has not may still wait to be let in. */
    public boolean wasAdmitted() {
        return identity.isFounder() || Files.exists(directory.resolve(ADMITTED));
    }

    private void record(UnaryOperator<LogMarks> change) {
        synchronized (marksLock) {
            LogMarks next = change.apply(marks);
            if (next.equals(marks)) {
                return;
            }
            try {
                next.write(directory.resolve(MARKS));
                marks = next;
            } catch (IOException e) {
                halt.now(ExitCode.STORAGE_FAILED, "cannot write " + directory.resolve(MARKS), e);
            }
        }
    }

    /** Gives the directory free. */
    @Override
    public void close() {
        MetadataWitness.unwatch(metadataDirectory(directory, identity));
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("cannot give the lock of {} free", directory, e);
        }
    }
}
