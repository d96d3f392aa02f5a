package io.statehouse.node.grpc;

import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.security.ApiDoor;
import io.statehouse.node.service.PeerCalls;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The way from this node to the others. */
public final class Peers implements AutoCloseable {
    private final PeerConnections connections;
    private final LeaderForwarding leader;

    /** With a door, the other nodes' APIs are reached by TLS, as this one is. */
    public Peers(String self, NodeLimits limits, @Nullable ApiDoor door, Executor executor) {
        WireFormat wire = new WireFormat(limits.core().jsonDepthMax());
        connections = new PeerConnections(self, limits, new PeerConnections.Means(wire, door, executor));
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
