package io.statehouse.node;

import io.statehouse.node.config.NodeConfig;
import io.statehouse.node.config.Setting;
import io.statehouse.node.config.Settings;
import io.statehouse.raft.ClusterView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A real node in the caller's JVM, without anything to install: the same code as the daemon, on ports of the loopback that are
 * free.
 *
 * <p>It is ready when it is returned. A client connects to {@link #address()}; one in the same JVM does so without a socket if
 * its transport is {@code IN_PROCESS}. Nothing is reachable from other machines.
 */
public final class EmbeddedStatehouse implements AutoCloseable {
    private static final String ANY_PORT = "127.0.0.1:0";
    private static final Duration READY_MAX = Duration.ofSeconds(60);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(5);

    private final StatehouseNode node;

    private EmbeddedStatehouse(StatehouseNode node) {
        this.node = node;
    }

    /** A node that keeps everything in memory; nothing survives its end. */
    public static EmbeddedStatehouse inMemory() {
        return start(Map.of(Setting.USE_MEMORY, "true"));
    }

    /**
     * A node alone with its data in a directory of its own, which is made if it is not there. What was committed is there again
     * when it is started over the same directory, after a kill too.
     */
    public static EmbeddedStatehouse at(Path dataDirectory) {
        return start(Map.of(
                Setting.DATA_DIR,
                dataDirectory.toString(),
                Setting.INIT,
                "true",
                Setting.RAFT_ADDR,
                "127.0.0.1:" + freePort()));
    }

    static EmbeddedStatehouse start(Map<Setting, String> more) {
        Map<Setting, String> settings = new EnumMap<>(Setting.class);
        settings.put(Setting.ADDR, ANY_PORT);
        settings.put(Setting.HTTP_ADDR, ANY_PORT);
        settings.putAll(more);
        NodeConfig config = NodeConfig.from(Settings.resolve(settings, Map.of(), null));
        StatehouseNode node = StatehouseNode.of(config, BuildInfo.read());
        try {
            node.start();
            node.startInProcess();
            await("the embedded node is not ready", node::isReady);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        } catch (Exception e) {
            node.close();
            throw new IllegalStateException("the embedded node did not start", e);
        }
        return new EmbeddedStatehouse(node);
    }

    /** @param otherwise what is the matter if it does not come true */
    static void await(String otherwise, BooleanSupplier condition) {
        long end = System.nanoTime() + READY_MAX.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0 || Thread.interrupted()) {
                throw new IllegalStateException(otherwise + " after " + READY_MAX.toSeconds() + " s");
            }
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
        }
    }

    /** Another process may take it before this one does; then the start fails, and says so. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no port is free", e);
        }
    }

    boolean isLeader() {
        return node.cluster().role() == ClusterView.Role.LEADER;
    }

    /** Where a client connects: {@code 127.0.0.1:PORT}. */
    public String address() {
        return "127.0.0.1:" + node.apiPort();
    }

    /** The port of HTTP: health, metrics and JSON-RPC. */
    public int httpPort() {
        return node.httpPort();
    }

    @Override
    public void close() {
        node.close();
    }
}
