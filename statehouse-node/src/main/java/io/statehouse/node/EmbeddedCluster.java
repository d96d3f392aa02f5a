package io.statehouse.node;

import io.statehouse.node.config.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Three real nodes in the caller's JVM that replicate to each other by ports of the loopback, for tests that take a node away.
 *
 * <p>All are ready when it is returned. Their data lies in a temporary directory and is deleted when it is closed. Nodes are
 * counted from 1. Not for use by several threads at once.
 */
public final class EmbeddedCluster implements AutoCloseable {
    /** How many nodes it has. */
    public static final int SIZE = 3;

    /** A port that was free may be taken by another process before it is listened on; then others are tried. */
    private static final int TRIES_MAX = 3;

    private final Path directory;
    private final List<Integer> apiPorts;
    private final String members;
    private final @Nullable EmbeddedStatehouse[] nodes = new @Nullable EmbeddedStatehouse[SIZE];

    private EmbeddedCluster(Path directory, List<Integer> ports) {
        this.directory = directory;
        this.apiPorts = ports.subList(0, SIZE);
        this.members = IntStream.range(0, SIZE)
                .mapToObj(i -> id(i + 1) + "=127.0.0.1:" + ports.get(SIZE + i) + "/127.0.0.1:" + ports.get(i))
                .collect(Collectors.joining(","));
    }

    /** Starts a new cluster; returns when every node serves. */
    public static EmbeddedCluster start() {
        for (int tried = 1; ; tried++) {
            EmbeddedCluster cluster = new EmbeddedCluster(temporary(), freePorts(2 * SIZE));
            try {
                cluster.startTogether();
                return cluster;
            } catch (RuntimeException e) {
                cluster.close();
                if (tried == TRIES_MAX) {
                    throw e;
                }
            }
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("statehouse-cluster-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Integer> freePorts(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : held) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException("no " + count + " ports are free", e);
        }
    }

    /** A new cluster is formed by members that have all agreed to it. */
    private void startTogether() {
        List<CompletableFuture<Void>> starting = IntStream.rangeClosed(1, SIZE)
                .mapToObj(node -> CompletableFuture.runAsync(() -> start(node), Thread::startVirtualThread))
                .toList();
        RuntimeException failure = null;
        for (CompletableFuture<Void> one : starting) {
            try {
                one.join();
            } catch (CompletionException e) {
                failure = new IllegalStateException("the embedded cluster did not start", e.getCause());
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Starts a node that was stopped, on the data that it had; returns when it serves. */
    public void start(int node) {
        if (nodes[index(node)] != null) {
            throw new IllegalStateException("node " + node + " runs already");
        }
        Map<Setting, String> settings = new EnumMap<>(Setting.class);
        settings.put(Setting.NODE_ID, id(node));
        settings.put(Setting.MEMBERS, members);
        settings.put(Setting.INIT, "true");
        settings.put(Setting.ADDR, address(node));
        settings.put(Setting.DATA_DIR, directory.resolve(id(node)).toString());
        nodes[index(node)] = EmbeddedStatehouse.start(settings);
    }

    /** Stops a node; the others elect a leader if it was that. */
    public void stop(int node) {
        EmbeddedStatehouse running = nodes[index(node)];
        if (running == null) {
            throw new IllegalStateException("node " + node + " does not run");
        }
        nodes[index(node)] = null;
        running.close();
    }

    /** The node that leads; waits for an election to end. */
    public int leader() {
        int[] found = {0};
        EmbeddedStatehouse.await("no node of the embedded cluster leads", () -> {
            found[0] = leaderNow();
            return found[0] != 0;
        });
        return found[0];
    }

    /** The node that says that it leads; 0 where none does. */
    private int leaderNow() {
        return IntStream.rangeClosed(1, SIZE)
                .filter(node -> {
                    EmbeddedStatehouse running = nodes[index(node)];
                    return running != null && running.isLeader();
                })
                .findFirst()
                .orElse(0);
    }

    /** Where clients connect: all nodes, separated by commas. */
    public String addresses() {
        return IntStream.rangeClosed(1, SIZE).mapToObj(this::address).collect(Collectors.joining(","));
    }

    private String address(int node) {
        return "127.0.0.1:" + apiPorts.get(index(node));
    }

    private static String id(int node) {
        return "n" + node;
    }

    private static int index(int node) {
        if (node < 1 || node > SIZE) {
            throw new IllegalArgumentException("node is " + node + "; it must be 1 to " + SIZE);
        }
        return node - 1;
    }

    @Override
    public void close() {
        IntStream.rangeClosed(1, SIZE)
                .filter(node -> nodes[index(node)] != null)
                .parallel()
                .forEach(this::stop);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
