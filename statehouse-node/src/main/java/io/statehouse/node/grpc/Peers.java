package io.statehouse.node.grpc;

import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.PeerCalls;
import java.util.concurrent.Executor;

/** The way from this node to the others. */
public final class Peers implements AutoCloseable {
    private final PeerConnections connections;
    private final LeaderForwarding leader;

    public Peers(String self, NodeLimits limits, Executor executor) {
        WireFormat wire = new WireFormat(limits.core().jsonDepthMax());
        connections = new PeerConnections(self, limits, wire, executor);
        leader = new LeaderForwarding(connections);
    }

    /** Calls that only the leader can answer. */
    public PeerCalls leader() {
        return leader;
    }

    PeerConnections connections() {
        return connections;
    }

    @Override
    public void close() {
        connections.close();
    }
}
