package io.statehouse.raft;

import static org.awaitility.Awaitility.await;

import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.decide.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.ratis.conf.RaftProperties;
import org.jspecify.annotations.Nullable;

/** Members of one cluster in this JVM, with real logs and databases under one directory. */
final class LocalCluster implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Path root;
    private final UnaryOperator<RaftOptions> change;
    private final Consumer<RaftProperties> settings;
    private final List<Member> members;
    private final Map<String, RatisLog> running = new TreeMap<>();
    private final Function<String, Clock> clocks;
    private final ConcurrentLinkedQueue<String> halts = new ConcurrentLinkedQueue<>();

    private LocalCluster(Path root, List<Member> members, World world) {
        this.root = root;
        this.change = world.change;
        this.settings = world.settings;
        this.clocks = world.clocks;
        this.members = members;
    }

    /** What members are told from outside. */
    private record World(
            UnaryOperator<RaftOptions> change, Consumer<RaftProperties> settings, Function<String, Clock> clocks) {}

    static LocalCluster start(Path root, int size) {
        return start(root, size, UnaryOperator.identity());
    }

    static LocalCluster start(Path root, int size, UnaryOperator<RaftOptions> change) {
        return start(root, size, change, properties -> {});
    }

    static LocalCluster start(
            Path root, int size, UnaryOperator<RaftOptions> change, Consumer<RaftProperties> settings) {
        return start(root, size, new World(change, settings, id -> Clock.systemUTC()));
    }

    /** Members each with a clock of its own. */
    static LocalCluster startWithClocks(Path root, int size, Function<String, Clock> clocks) {
        return start(root, size, new World(UnaryOperator.identity(), properties -> {}, clocks));
    }

    private static LocalCluster start(Path root, int size, World world) {
        var cluster = new LocalCluster(root, newMembers(size), world);
        try {
            cluster.startAll();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** The same members with their data in another place, not started. */
    LocalCluster movedTo(Path otherRoot) {
        return new LocalCluster(otherRoot, members, new World(change, settings, clocks));
    }

    private static List<Member> newMembers(int size) {
        var sockets = new ArrayList<ServerSocket>();
        try {
            var members = new ArrayList<Member>();
            for (int i = 1; i <= size; i++) {
                var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                members.add(new Member("n" + i, "127.0.0.1:" + socket.getLocalPort(), "127.0.0.1:" + (i + 1)));
            }
            for (var socket : sockets) {
                socket.close();
            }
            return members;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The founders of a cluster wait for each other, so all must start at once. */
    void startAll() {
        var starts = members.stream()
                .filter(member -> !running.containsKey(member.id()))
                .map(member -> CompletableFuture.supplyAsync(
                        () -> startLog(member),
                        act -> Thread.ofPlatform().daemon().start(act)))
                .toList();
        // One that is refused leaves, and the others would wait for it.
        var refused = new CompletableFuture<Void>();
        for (var start : starts) {
            var unused = start.whenComplete((log, failure) -> {
                if (failure != null) {
                    refused.completeExceptionally(failure);
                }
            });
        }
        CompletableFuture.anyOf(CompletableFuture.allOf(starts.toArray(CompletableFuture<?>[]::new)), refused)
                .join();
        for (var start : starts) {
            var log = start.join();
            running.put(log.cluster().self().id(), log);
        }
    }

    void start(String id) {
        running.put(id, startLog(member(id)));
    }

    /** Starts a member whose data directory is empty; it waits to be let in. */
    void startJoining(String id) {
        running.put(id, startLog(member(id), FirstStart.JOIN));
    }

    /** Loses the disk of a member that does not run. */
    void wipe(String id) throws IOException {
        SnapshotDirectory.remove(root.resolve(id));
    }

    private RatisLog startLog(Member member) {
        return startLog(member, FirstStart.FOUND);
    }

    private RatisLog startLog(Member member, FirstStart first) {
        var options = RaftOptions.of(member, members, root.resolve(member.id()), first);
        var log = RatisLog.open(
                change.apply(options),
                new RunningMember.Surroundings(
                        clocks.apply(member.id()),
                        new SecureRandom(),
                        (code, reason, cause) -> halts.add(member.id() + " " + code + " " + reason),
                        LogObserver.NONE,
                        settings));
        log.start();
        return log;
    }

    Member member(String id) {
        return members.stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    RatisLog log(String id) {
        return Objects.requireNonNull(running.get(id), id);
    }

    List<String> ids() {
        return List.copyOf(running.keySet());
    }

    /** What members would have stopped their process for. */
    List<String> halts() {
        return List.copyOf(halts);
    }

    /** Stops a member as a kill would. */
    void kill(String id) {
        Objects.requireNonNull(running.remove(id), id).abandon();
    }

    void stop(String id) {
        Objects.requireNonNull(running.remove(id), id).close();
    }

    String awaitLeader() {
        return await().pollDelay(Duration.ZERO)
                .pollInterval(LOOK_EVERY)
                .atMost(SOON)
                .until(this::leader, Objects::nonNull);
    }

    private @Nullable String leader() {
        return running.entrySet().stream()
                .filter(member -> member.getValue().cluster().isReady())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    String anyFollower() {
        String leader = awaitLeader();
        return running.keySet().stream()
                .filter(id -> !id.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    /** Proposes until a leader answers; repeats with the same transaction id whatever happened before. */
    Reply commit(Command command) {
        String leader = leader();
        try {
            if (leader != null) {
                return log(leader).propose(command).join();
            }
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof LogException)) {
                throw e;
            }
        }
        return await().atMost(SOON)
                .ignoreExceptionsMatching(LocalCluster::isTransient)
                .until(() -> log(awaitLeader()).propose(command).join(), Objects::nonNull);
    }

    static boolean isTransient(Throwable failure) {
        return failure instanceof LogException
                || (failure instanceof CompletionException && failure.getCause() instanceof LogException);
    }

    /** Waits until every member has applied the same and holds the same. */
    void awaitEqual() {
        String leader = awaitLeader();
        log(leader).awaitReadable().join();
        String expected = log(leader).query(LocalCluster::fingerprint);
        for (String id : ids()) {
            await("member " + id).atMost(SOON).until(() -> log(id).query(LocalCluster::fingerprint), expected::equals);
        }
    }

    static String fingerprint(StateMachine state) {
        return state.view().at() + " " + HexFormat.of().formatHex(state.chainHash()) + " "
                + HexFormat.of().formatHex(state.digest());
    }

    static String read(RatisLog log, String key) {
        log.awaitReadable().join();
        return log.query(state -> valueOf(state, key));
    }

    /** The value as it was written; empty when there is none. */
    static String valueOf(StateMachine state, String key) {
        var entry = state.view().find(Commands.key(key));
        return entry == null ? "" : String.valueOf(entry.value());
    }

    /** Options that purge the log early and keep little of it. */
    static RaftOptions eager(RaftOptions options) {
        return withFlush(options, Duration.ofMillis(200)).with(new LogRetention(1 << 12, 1 << 20, 50, 10));
    }

    static RaftOptions withFlush(RaftOptions options, Duration flushInterval) {
        return new RaftOptions(
                options.self(),
                options.members(),
                options.dataDirectory(),
                options.firstStart(),
                options.electionTimeoutMin(),
                options.electionTimeoutMax(),
                options.entriesInFlightMax(),
                options.batchCommandsMax(),
                options.batchBytesMax(),
                options.queueBytesMax(),
                flushInterval,
                Limits.DEFAULT,
                options.retention(),
                options.tls(),
                options.featureLevelMax());
    }

    @Override
    public void close() {
        ids().stream()
                .map(id -> Objects.requireNonNull(running.remove(id)))
                .map(log -> CompletableFuture.runAsync(
                        log::abandon, act -> Thread.ofPlatform().start(act)))
                .toList()
                .forEach(CompletableFuture::join);
    }
}
