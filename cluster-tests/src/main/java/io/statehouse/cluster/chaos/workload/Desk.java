package io.statehouse.cluster.chaos.workload;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What one process works with.
 *
 * @param client knows every node
 * @param byNode one client for each node that knows this node only
 * @param addresses where the nodes are reached, for calls that the Java client does not have
 * @param recorder for those calls
 * @param random its own chance
 */
public record Desk(
        int process,
        RecordedClient client,
        List<RecordedClient> byNode,
        List<String> addresses,
        Recorder recorder,
        RandomGenerator random)
        implements AutoCloseable {
    /** Copies the lists. */
    public Desk {
        byNode = List.copyOf(byNode);
        addresses = List.copyOf(addresses);
    }

    /** The client of some node. */
    RecordedClient anyNode() {
        return byNode.get(random.nextInt(byNode.size()));
    }

    /** Whether something of this chance in a hundred happens. */
    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    @Override
    public void close() {
        client.close();
        byNode.forEach(RecordedClient::close);
    }
}
