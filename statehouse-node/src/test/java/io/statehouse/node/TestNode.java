package io.statehouse.node;

import io.statehouse.node.config.NodeConfig;
import io.statehouse.node.config.Setting;
import io.statehouse.node.config.Settings;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** A real node in this JVM, in memory, on free ports. */
public final class TestNode implements AutoCloseable {
    static {
        // gRPC logs by java.util.logging; the tests' logback decides what is worth seeing.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private final StatehouseNode node;

    private TestNode(StatehouseNode node) {
        this.node = node;
    }

    /** A node with a few settings of its own. */
    public static TestNode start(Map<Setting, String> settings) {
        return start(StatehouseNode.of(config(settings), BuildInfo.read()));
    }

    /** A node with usual settings. */
    public static TestNode start() {
        return start(Map.of());
    }

    static TestNode start(StatehouseNode node) {
        try {
            node.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return new TestNode(node);
    }

    static NodeConfig config(Map<Setting, String> settings) {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        flags.put(Setting.USE_MEMORY, "true");
        flags.put(Setting.ADDR, "127.0.0.1:0");
        flags.put(Setting.HTTP_ADDR, "127.0.0.1:0");
        flags.putAll(settings);
        return NodeConfig.from(Settings.resolve(flags, Map.of(), null));
    }

    public String address() {
        return "127.0.0.1:" + node.apiPort();
    }

    public int httpPort() {
        return node.httpPort();
    }

    public StatehouseNode node() {
        return node;
    }

    @Override
    public void close() {
        node.close();
    }
}
