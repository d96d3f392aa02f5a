package io.statehouse.cluster.bench.time;

import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.SingleNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A node that was started on a store of one size. */
final class RestoredNode implements AutoCloseable {
    private final Scenery scenery;
    private final SingleNode node;
    private final StatehouseClient client;
    private final AtomicLong commits;

    private RestoredNode(Scenery scenery, SingleNode node) {
        this.scenery = scenery;
        this.node = node;
        this.client = node.client();
        this.commits = new AtomicLong(scenery.events());
    }

    /** Makes the store if it is not there yet, restores it and starts a node on it. */
    static RestoredNode start(Scenery scenery, TimeRun.Places places, String nodeFlags, Consumer<String> progress) {
        String name = "store-" + scenery.events();
        Path backup = places.stores().resolve(name);
        LargeStore.make(backup, scenery, progress);
        Path home = places.node().resolve("node-" + scenery.events());
        LargeStore.restore(backup, home.resolve("n1"), "n1", scenery);
        var node = SingleNode.in(home, Map.of("STATEHOUSE_JVM_OPTS", nodeFlags));
        try {
            return new RestoredNode(scenery, node.found());
        } catch (RuntimeException | AssertionError e) {
            node.close();
            throw e;
        }
    }

    StatehouseClient client() {
        return client;
    }

    /** How many events the store was restored with. */
    long eventsBefore() {
        return scenery.events();
    }

    /** How many commits the store has come to. */
    long commits() {
        return commits.get();
    }

    /** A commit was acknowledged. */
    void committed(long commitTs) {
        commits.accumulateAndGet(commitTs, Math::max);
    }

    @Override
    public void close() {
        client.close();
        node.close();
    }
}
