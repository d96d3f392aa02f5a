package io.statehouse.cluster;

import io.statehouse.client.AdminClient;
import io.statehouse.client.ClientOptions;
import io.statehouse.client.ClusterStatus;
import io.statehouse.client.MemberRole;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Three real nodes on free ports of this machine. Their data and logs stay under {@code cluster-tests/target/clusters}
 * until a cluster of the same name is started again.
 */
public final class ProcessCluster implements AutoCloseable {
    /** How many nodes a cluster has. */
    public static final int SIZE = 3;

    private static final Duration READY_MAX = Duration.ofSeconds(90);
    private static final Duration LEADER_MAX = Duration.ofSeconds(60);
    private static final Duration CHANGE_MAX = Duration.ofSeconds(60);
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(1);

    // Small heaps and a quick compiler: four JVMs share two cores here, and a node lives for a minute.
    private static final String JVM_OPTIONS = "-Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private final List<NodeProcess> nodes;
    private final StatehouseClient operator;

    private ProcessCluster(List<NodeProcess> nodes) {
        this.nodes = List.copyOf(nodes);
        this.operator = StatehouseClient.connect(
                options(endpoints()).callTimeout(STATUS_TIMEOUT).tryTimeout(STATUS_TIMEOUT));
    }

    /** Starts a new cluster and returns when every node is ready. */
    public static ProcessCluster start(String name) {
        return start(name, Map.of());
    }

    /** The same with settings of {@code statehoused}, by the names of their environment variables. */
    public static ProcessCluster start(String name, Map<String, String> settings) {
        var directory =
                ProjectRoot.find().resolve("cluster-tests/target/clusters").resolve(name);
        empty(directory);
        return start(directory, settings, Ground.PLAIN);
    }

    /** The same in a directory of its own, on any ground. */
    public static ProcessCluster start(Path directory, Map<String, String> settings, Ground ground) {
        var environment = new HashMap<>(Map.of("STATEHOUSE_JVM_OPTS", JVM_OPTIONS));
        environment.putAll(settings);
        var distribution = Distribution.assemble();
        var seats = seats(directory, ground);
        var cluster = new ProcessCluster(IntStream.range(0, SIZE)
                .mapToObj(i -> {
                    var own = new HashMap<>(environment);
                    own.putAll(ground.environment(i + 1));
                    return new NodeProcess(distribution, seats.get(i), own);
                })
                .toList());
        try {
            cluster.nodes.forEach(node -> node.start(true));
            cluster.awaitReady();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private static List<NodeProcess.Seat> seats(Path directory, Ground ground) {
        int first = Ports.freeRun(SIZE * 3);
        var listening = IntStream.range(0, SIZE)
                .mapToObj(i -> new NodeProcess.Listening(
                        ground.host(i + 1), first + i, first + SIZE + i, first + 2 * SIZE + i))
                .toList();
        ground.raftAddresses(listening.stream().map(NodeProcess.Listening::raft).toList());
        var apis = IntStream.range(0, SIZE)
                .mapToObj(i -> ground.reachedAt(i + 1, listening.get(i).api()))
                .toList();
        var members = IntStream.range(0, SIZE)
                .mapToObj(i -> idOf(i) + "=" + listening.get(i).raft() + "/" + apis.get(i))
                .collect(Collectors.joining(","));
        return IntStream.range(0, SIZE)
                .mapToObj(i -> new NodeProcess.Seat(
                        idOf(i),
                        listening.get(i),
                        apis.get(i),
                        ground.dataDirectory(i + 1, directory.resolve(idOf(i))),
                        directory.resolve(idOf(i) + ".log"),
                        members,
                        ground.commandPrefix(i + 1)))
                .toList();
    }

    private static String idOf(int index) {
        return "n" + (index + 1);
    }

    private static void empty(Path directory) {
        try {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> old = Files.walk(directory)) {
                    for (var file : old.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All nodes, running or not. */
    public List<NodeProcess> nodes() {
        return nodes;
    }

    /** The node of that id. */
    public NodeProcess node(String id) {
        return nodes.stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node " + id));
    }

    /** Where clients reach the cluster: all nodes, separated by commas. */
    public String endpoints() {
        return nodes.stream().map(NodeProcess::api).collect(Collectors.joining(","));
    }

    /** A client that knows every node. The caller closes it. */
    public StatehouseClient client() {
        return StatehouseClient.connect(options(endpoints()));
    }

    /** The number of a node on its ground, counted from 1. */
    public int numberOf(NodeProcess node) {
        return nodes.indexOf(node) + 1;
    }

    /** A client that knows one node only. The caller closes it. */
    public StatehouseClient clientOf(NodeProcess node) {
        return StatehouseClient.connect(options(node.api()));
    }

    private ClientOptions options(String endpoints) {
        return ClientOptions.of(endpoints).access(nodes.get(0).access());
    }

    /** Waits until every node that runs says it is ready; a node that ended meanwhile is an error. */
    public void awaitReady() {
        for (var node : nodes) {
            Await.until(node + " is ready; see " + node.log(), READY_MAX, () -> {
                var status = node.exitStatus();
                if (status != null) {
                    throw new AssertionError(node + " ended with status " + status + "; see " + node.log());
                }
                return node.isReady();
            });
        }
    }

    /** Waits until every node has applied what any node had applied when this was called. */
    public void awaitCaughtUp() {
        long target = nodes.stream().mapToLong(this::applied).max().orElse(0);
        for (var node : nodes) {
            Await.until(
                    node + " has applied commit " + target + "; see " + node.log(),
                    READY_MAX,
                    () -> applied(node) >= target);
        }
    }

    private long applied(NodeProcess node) {
        var status = status(node);
        return status == null ? 0 : status.appliedCommitTs();
    }

    /** Waits until a node leads, and returns it. */
    public NodeProcess awaitLeader() {
        return Await.value("a leader of " + endpoints(), LEADER_MAX, this::leader);
    }

    /** The node that leads in the highest term anybody knows; null if there is none. */
    public @Nullable NodeProcess leader() {
        return nodes.stream()
                .filter(NodeProcess::isAlive)
                .map(this::status)
                .filter(Objects::nonNull)
                .filter(status -> status.role() == MemberRole.LEADER)
                .max(Comparator.comparingLong(ClusterStatus::term))
                .map(status -> node(status.nodeId()))
                .orElse(null);
    }

    /** A node that runs and does not lead. */
    public NodeProcess awaitFollower() {
        var leader = awaitLeader();
        return nodes.stream()
                .filter(node -> node.isAlive() && node != leader)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no follower runs"));
    }

    /** The cluster as one node sees it; null if it does not answer. */
    public @Nullable ClusterStatus status(NodeProcess node) {
        try {
            return operator.admin().clusterStatusOf(node.directApi());
        } catch (StatehouseException e) {
            return null;
        }
    }

    /** Asks for a change of the members until it is made. */
    public void change(Consumer<AdminClient> change) {
        try (var client = client()) {
            // Until a newcomer listens, and while the last change ends, the answer is a refusal.
            Await.until("the members are changed", CHANGE_MAX, () -> {
                try {
                    change.accept(client.admin());
                    return true;
                } catch (StatehouseException e) {
                    return false;
                }
            });
        }
    }

    /** Ends all processes at the same moment, as a power cut of the whole machine room would. */
    public void killAll() {
        nodes.stream().filter(NodeProcess::isAlive).parallel().forEach(NodeProcess::kill);
    }

    /** Starts every node that does not run. */
    public void startAll() {
        nodes.stream().filter(node -> !node.isAlive()).forEach(node -> node.start(false));
    }

    /** Ends everything at once; nothing is stopped gracefully. */
    @Override
    public void close() {
        operator.close();
        var failures = new ArrayList<RuntimeException>();
        for (var node : nodes) {
            try {
                if (node.isAlive()) {
                    node.kill();
                }
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }
}
