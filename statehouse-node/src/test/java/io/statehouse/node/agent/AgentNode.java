package io.statehouse.node.agent;

import io.statehouse.node.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A node in memory for the tests of one class, to which each of them speaks in a namespace of its own. */
final class AgentNode implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private final List<Rpc> opened = new ArrayList<>();
    private @Nullable TestNode node;

    @Override
    public void beforeAll(ExtensionContext context) {
        node = TestNode.start();
    }

    /** Ends with the test that asks for it. */
    Rpc rpc() {
        Rpc rpc = new Rpc(running().httpPort());
        opened.add(rpc);
        return rpc;
    }

    private TestNode running() {
        return Objects.requireNonNull(node, "the node is started before all tests");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        opened.forEach(Rpc::close);
        opened.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        running().close();
    }
}
