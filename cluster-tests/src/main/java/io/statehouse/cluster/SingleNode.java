package io.statehouse.cluster;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.StatehouseClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A cluster of one real process: the cheapest thing that has a Raft log, a database and a disk to lose them on. */
public final class SingleNode implements AutoCloseable {
    /** System property: flags for the JVMs of nodes, beside those of the harness. */
    public static final String JVM_OPTIONS_PROPERTY = "statehouse.node.jvm.opts";

    private static final String JVM_OPTIONS = "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 ";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration READY_MAX = Duration.ofSeconds(90);

    private final NodeProcess node;

    private SingleNode(NodeProcess node) {
        this.node = node;
    }

    /**
     * A node that does not run yet, on an empty data directory.
     *
     * @param settings by the names of their environment variables
     */
    public static SingleNode in(Path directory, Map<String, String> settings) {
        var environment = new HashMap<>(settings);
        environment.put(
                "STATEHOUSE_JVM_OPTS",
                JVM_OPTIONS + settings.getOrDefault("STATEHOUSE_JVM_OPTS", "") + " "
                        + System.getProperty(JVM_OPTIONS_PROPERTY, ""));
        int port = Ports.freeRun(3);
        var listening = new NodeProcess.Listening("127.0.0.1", port, port + 1, port + 2);
        var seat = new NodeProcess.Seat(
                "n1",
                listening,
                listening.api(),
                directory.resolve("n1"),
                directory.resolve("n1.log"),
                "n1=" + listening.raft() + "/" + listening.api(),
                List.of());
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SingleNode(new NodeProcess(Distribution.assemble(), seat, environment));
    }

    /** Founds it: the first start, up to when it is ready. */
    public SingleNode found() {
        node.start(true);
        return awaitReady();
    }

    /** Starts it again on the data it has, without waiting. */
    public SingleNode restart() {
        node.start(false);
        return this;
    }

    /** Waits until it serves. */
    public SingleNode awaitReady() {
        Await.until("the node is ready; see " + node.log(), READY_MAX, () -> {
            var status = node.exitStatus();
            if (status != null) {
                throw new AssertionError("the node ended with status " + status + "; see " + node.log());
            }
            return node.isReady();
        });
        return this;
    }

    /** Its process. */
    public NodeProcess node() {
        return node;
    }

    /** A client of it that waits long, since this machine may be busy. The caller closes it. */
    public StatehouseClient client() {
        return client(PATIENCE);
    }

    /** A client that waits for the node no longer than this. */
    public StatehouseClient client(Duration patience) {
        return StatehouseClient.connect(ClientOptions.of(node.api())
                .access(node.access())
                .callTimeout(patience)
                .tryTimeout(patience));
    }

    @Override
    public void close() {
        if (node.isAlive()) {
            node.kill();
        }
    }
}
