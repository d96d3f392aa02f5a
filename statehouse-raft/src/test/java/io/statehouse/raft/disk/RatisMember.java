package io.statehouse.raft.disk;

import io.statehouse.raft.FirstStart;
import io.statehouse.raft.Halt;
import io.statehouse.raft.Member;
import io.statehouse.raft.RaftOptions;
import io.statehouse.raft.tls.MemberTls;
import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** A real Ratis server of one member behind a guard, which remembers nothing but what its log holds. */
final class RatisMember implements AutoCloseable {
    static final long NO_FREE_BYTES_NEEDED = 0;

    private static final String ID = "n1";
    private static final long DEADLINE_SECONDS = 30;
    private static final long RETRY_NANOS = 5_000_000;

    private final DiskGuard guard;
    private final RaftServer server;
    private final Entries entries = new Entries();
    private final AtomicLong calls = new AtomicLong();
    private final ClientId client = ClientId.randomId();

    /** What was applied, in order. */
    private static final class Entries extends BaseStateMachine {
        private final List<String> applied = Collections.synchronizedList(new ArrayList<>());

        @Override
        public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
            LogEntryProto entry = transaction.getLogEntry();
            applied.add(entry.getStateMachineLogEntry().getLogData().toStringUtf8());
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            return CompletableFuture.completedFuture(Message.EMPTY);
        }
    }

    private RatisMember(DiskGuard guard, Member self, String corruptionPolicy) throws IOException {
        this.guard = guard;
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(guard.raftDirectory().toFile()));
        properties.set("raft.server.log.corruption.policy", corruptionPolicy);
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("16KB"));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("8KB"));
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, TimeDuration.valueOf(50, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, TimeDuration.valueOf(100, TimeUnit.MILLISECONDS));
        GrpcConfigKeys.Server.setPort(properties, portOf(self));
        RaftPeer peer = RaftPeer.newBuilder()
                .setId(self.id())
                .setAddress(self.raftAddress())
                .build();
        this.server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(self.id()))
                .setGroup(RaftGroup.valueOf(
                        RaftGroupId.valueOf(
                                Objects.requireNonNull(guard.identity().clusterId())),
                        peer))
                .setProperties(properties)
                .setStateMachine(entries)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
    }

    /** Opens and proves the directory and starts, as a node does. */
    static RatisMember start(Path directory) throws IOException {
        return start(directory, LogPosition.NONE);
    }

    static RatisMember start(Path directory, LogPosition durable) throws IOException {
        RaftOptions options = options(directory);
        DiskGuard guard = DiskGuard.open(options, failing(), new IdentityLink(MemberTls.NONE), NO_FREE_BYTES_NEEDED);
        try {
            guard.proveLog(durable);
            return running(new RatisMember(guard, options.self(), "EXCEPTION"));
        } catch (IOException | RuntimeException e) {
            guard.close();
            throw e;
        }
    }

    /** Starts on whatever the log holds, as Ratis alone would. */
    static RatisMember startUnproved(Path directory, String corruptionPolicy) throws IOException {
        RaftOptions options = options(directory);
        DiskGuard guard = DiskGuard.open(options, failing(), new IdentityLink(MemberTls.NONE), NO_FREE_BYTES_NEEDED);
        try {
            return running(new RatisMember(guard, options.self(), corruptionPolicy));
        } catch (IOException | RuntimeException e) {
            guard.close();
            throw e;
        }
    }

    private static RatisMember running(RatisMember member) throws IOException {
        try {
            member.server.start();
            return member;
        } catch (IOException | RuntimeException e) {
            member.server.close();
            throw e;
        }
    }

    /** A halt is not part of any of these stories. */
    static Halt failing() {
        return (code, reason, cause) -> {
            throw new AssertionError("halted with " + code + ": " + reason, cause);
        };
    }

    static RaftOptions options(Path directory) throws IOException {
        Member self = new Member(ID, "127.0.0.1:" + freePort(), "127.0.0.1:0");
        return RaftOptions.of(self, List.of(self), directory, FirstStart.FOUND);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static int portOf(Member member) {
        return Integer.parseInt(
                member.raftAddress().substring(member.raftAddress().lastIndexOf(':') + 1));
    }

    /** Returns once the entry is acknowledged: synced to disk. */
    void write(String text) throws Exception {
        RaftClientReply reply = send(text);
        while (!reply.isSuccess() && isStarting(reply)) {
            LockSupport.parkNanos(RETRY_NANOS);
            reply = send(text);
        }
        if (!reply.isSuccess()) {
            throw reply.getException();
        }
    }

    private RaftClientReply send(String text) throws Exception {
        return server.submitClientRequestAsync(request(text)).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static boolean isStarting(RaftClientReply reply) {
        return reply.getNotLeaderException() != null || reply.getLeaderNotReadyException() != null;
    }

    private RaftClientRequest request(String text) {
        return RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(RaftGroupId.valueOf(
                        Objects.requireNonNull(guard.identity().clusterId())))
                .setCallId(calls.incrementAndGet())
                .setMessage(Message.valueOf(text))
                .setType(RaftClientRequest.writeRequestType())
                .build();
    }

    /** Everything applied so far, once the given last entry is among it. */
    List<String> appliedUpTo(String last) throws Exception {
        write(last);
        List<String> applied = new ArrayList<>(List.copyOf(entries.applied));
        applied.remove(last);
        return applied;
    }

    /** What a node does whenever it flushes its state. */
    void recordCommitted() {
        TermIndex applied = entries.getLastAppliedTermIndex();
        guard.recordCommitted(new LogPosition(applied.getTerm(), applied.getIndex()));
    }

    /** The directory as a kill would leave it now: everything written, nothing closed. */
    void copyAsKilled(Path to) throws IOException {
        copy(Objects.requireNonNull(guard.raftDirectory().getParent()), to);
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (!path.getFileName().toString().contains("lock")) {
                    Files.copy(path, target);
                }
            }
        }
    }

    /** Ratis's directory of the only cluster in a data directory. */
    static Path current(Path data) throws IOException {
        try (Stream<Path> groups = Files.list(data.resolve("raft"))) {
            return groups.findFirst().orElseThrow().resolve("current");
        }
    }

    /** Stops in order. */
    @Override
    public void close() throws IOException {
        server.close();
        guard.recordCleanStop();
        guard.close();
    }

    /** Stops without noting anything. */
    void abandon() throws IOException {
        server.close();
        guard.close();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
