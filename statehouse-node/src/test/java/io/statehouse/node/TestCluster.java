package io.statehouse.node;

import static org.awaitility.Awaitility.await;

import io.statehouse.node.config.Setting;
import io.statehouse.raft.ClusterView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Three real nodes in this JVM, replicated by Ratis, on free ports. */
final class TestCluster implements AutoCloseable {
    private static final int NODES = 3;
    private static final Duration ELECTION_MAX = Duration.ofSeconds(60);

    private final List<TestNode> nodes;

    private TestCluster(List<TestNode> nodes) {
        this.nodes = nodes;
    }

    static TestCluster start(Path directory) {
        return start(directory, Map.of());
    }

    /** With settings that all nodes have. */
    static TestCluster start(Path directory, Map<Setting, String> common) {
        List<Integer> ports = freePorts(2 * NODES);
        List<String> members = IntStream.range(0, NODES)
                .mapToObj(i -> "n" + (i + 1) + "=127.0.0.1:" + ports.get(i) + "/127.0.0.1:" + ports.get(NODES + i))
                .toList();
        // Together: a new cluster is formed by members that have all agreed to it.
        List<CompletableFuture<TestNode>> starting = IntStream.range(0, NODES)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> startMember("n" + (i + 1), String.join(",", members), directory, common),
                        Thread::startVirtualThread))
                .toList();
        TestCluster cluster =
                new TestCluster(starting.stream().map(CompletableFuture::join).toList());
        cluster.awaitLeader();
        return cluster;
    }

    private static TestNode startMember(String id, String members, Path directory, Map<Setting, String> common) {
        Map<Setting, String> settings = new EnumMap<>(Map.of(
                Setting.USE_MEMORY,
                "false",
                Setting.NODE_ID,
                id,
                Setting.MEMBERS,
                members,
                Setting.INIT,
                "true",
                Setting.ADDR,
                members.replaceAll(".*" + id + "=[^/]*/([^,]*).*", "$1"),
                Setting.DATA_DIR,
                directory.resolve(id).toString()));
        settings.putAll(common);
        return TestNode.start(StatehouseNode.of(TestNode.config(settings), BuildInfo.read()));
    }

    /** Ports that were free a moment ago. */
    static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitLeader() {
        await().atMost(ELECTION_MAX)
                .until(() -> nodes.stream().allMatch(node -> {
                    ClusterView view = node.node().cluster();
                    return view.leader() != null && (view.role() != ClusterView.Role.LEADER || view.isReady());
                }));
    }

    List<TestNode> nodes() {
        return nodes;
    }

    TestNode leader() {
        return nodes.stream()
                .filter(node -> node.node().cluster().role() == ClusterView.Role.LEADER)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no leader at the moment"));
    }

    List<TestNode> followers() {
        return nodes.stream()
                .filter(node -> node.node().cluster().role() == ClusterView.Role.FOLLOWER)
                .toList();
    }

    @Override
    public void close() {
        nodes.parallelStream().forEach(TestNode::close);
    }
}
