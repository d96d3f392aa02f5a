package org.apache.ratis.grpc.server;

import java.io.IOException;
import java.util.Collection;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.util.PeerProxyMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of this member to the others, as far as Ratis's own classes outside of this package may not reach them.
 *
 * <p>gRPC waits longer and longer, up to minutes, before it tries a connection again that failed. Ratis cuts this wait short
 * for a leader's appends only. A follower therefore goes on to believe that a member is gone which has long come back, and
 * cannot ask it for its vote.
 */
public final class ServerConnections {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnections.class);

    private ServerConnections() {}

    /** Tries the connections that have failed once more, now, without waiting for what comes of it. */
    public static void tryAgain(RaftServerRpc rpc, Collection<RaftPeerId> members) {
        if (!(rpc instanceof GrpcServicesImpl services)) {
            throw new IllegalStateException("members speak gRPC, not " + rpc.getClass());
        }
        tryAgain(services.getProxies(), members);
    }

    static void tryAgain(PeerProxyMap<GrpcServerProtocolClient> connections, Collection<RaftPeerId> members) {
        for (RaftPeerId member : members) {
            try {
                connections.getProxy(member).resetConnectBackoff();
            } catch (IOException e) {
                LOG.debug("there is no connection to {}: this member is closing", member, e);
            }
        }
    }
}
