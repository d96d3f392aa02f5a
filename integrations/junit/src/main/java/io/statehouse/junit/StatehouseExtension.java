package io.statehouse.junit;

import io.statehouse.client.StatehouseClient;
import io.statehouse.node.EmbeddedCluster;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts nodes for tests and gives them clients: by {@link StatehouseTest}, or registered in a field. In a static field the nodes
 * live as long as the class, in another as long as each test.
 */
public final class StatehouseExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private final int fixedCount;

    /** Classes and tests under way, a nested class within its outer one; the nodes live until all are over. */
    private int users;

    private @Nullable Nodes nodes;
    private @Nullable StatehouseClient connection;

    /** As many nodes as the class's {@link StatehouseTest} says. */
    public StatehouseExtension() {
        this(0);
    }

    private StatehouseExtension(int fixedCount) {
        this.fixedCount = fixedCount;
    }

    /** An extension of 1 or 3 nodes, to be registered in a field. */
    public static StatehouseExtension of(int nodes) {
        return new StatehouseExtension(Nodes.requireCount(nodes));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        begin(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin(context);
    }

    private synchronized void begin(ExtensionContext context) {
        if (users == 0) {
            nodes = Nodes.start(fixedCount == 0 ? Nodes.requireCount(annotatedCount(context)) : fixedCount);
            connection = StatehouseClient.connect(nodes.addresses());
        }
        users++;
    }

    private static int annotatedCount(ExtensionContext context) {
        for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
            StatehouseTest annotation = type.getAnnotation(StatehouseTest.class);
            if (annotation != null) {
                return annotation.nodes();
            }
        }
        return 1;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        end();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end();
    }

    private synchronized void end() {
        users--;
        if (users > 0) {
            return;
        }
        StatehouseClient client = connection;
        Nodes started = nodes;
        connection = null;
        nodes = null;
        if (client != null) {
            client.close();
        }
        if (started != null) {
            started.close();
        }
    }

    private static <T> T running(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("no nodes run: this is called outside of the tests that they are for");
        }
        return part;
    }

    /** A client of all nodes, in the namespace {@code default}. It is closed after the tests. */
    public synchronized StatehouseClient client() {
        return running(connection);
    }

    /** Where clients connect: all nodes, separated by commas. */
    public synchronized String addresses() {
        return running(nodes).addresses();
    }

    /**
     * The three nodes, of which some may be stopped and started.
     *
     * @throws IllegalStateException where there is one node
     */
    public synchronized EmbeddedCluster cluster() {
        return running(nodes).cluster();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == StatehouseClient.class || type == StatehouseExtension.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (parameter.getParameter().getType() == StatehouseExtension.class) {
            return this;
        }
        StatehouseClient client = client();
        return context.getTestMethod().isPresent() ? client.inNamespace(namespace(context)) : client;
    }

    /** The same for all that belongs to one test, and another for every repetition of it. */
    private static String namespace(ExtensionContext context) {
        return "test-" + UUID.nameUUIDFromBytes(context.getUniqueId().getBytes(StandardCharsets.UTF_8));
    }
}
