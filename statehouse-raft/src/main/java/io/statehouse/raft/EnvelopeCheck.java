package io.statehouse.raft;

import io.statehouse.raft.tls.NodeCheck;
import java.util.Set;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Lets a message of Raft in only if it is meant for this very peer, and comes from the node that its certificate names.
 *
 * <p>A node that lost its disk comes back at the old address as another peer, and Ratis does not look whom a message is
 * for: the new peer would vote in the name of the old one, whose votes and promises it does not know. And a node
 * must not speak for another one, which the certificate alone does not keep it from.
 */
final class EnvelopeCheck implements ServerInterceptor {
    private final ByteString self;

    EnvelopeCheck(String peerId) {
        this.self = RaftPeerId.valueOf(peerId).toByteString();
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Set<String> nodes = NodeCheck.nodes();
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean isRefused;

            @Override
            public void onMessage(Q message) {
                Status refusal = isRefused ? null : refusal(header(message), nodes);
                if (refusal != null) {
                    isRefused = true;
                    call.close(refusal, new Metadata());
                }
                if (!isRefused) {
                    super.onMessage(message);
                }
            }

            @Override
            public void onHalfClose() {
                if (!isRefused) {
                    super.onHalfClose();
                }
            }
        };
    }

    private @Nullable Status refusal(@Nullable RaftRpcRequestProto header, @Nullable Set<String> nodes) {
        if (header == null) {
            return null;
        }
        if (!header.getReplyId().equals(self)) {
            return Status.FAILED_PRECONDITION.withDescription("the node at this address is another peer now");
        }
        String sender = Members.name(RaftPeerId.valueOf(header.getRequestorId()));
        return nodes == null || nodes.contains(sender)
                ? null
                : Status.PERMISSION_DENIED.withDescription("the caller's certificate is not that of node " + sender);
    }

    private static @Nullable RaftRpcRequestProto header(Object message) {
        return switch (message) {
            case AppendEntriesRequestProto append -> append.getServerRequest();
            case RequestVoteRequestProto vote -> vote.getServerRequest();
            case InstallSnapshotRequestProto snapshot -> snapshot.getServerRequest();
            case StartLeaderElectionRequestProto election -> election.getServerRequest();
            case ReadIndexRequestProto read -> read.getServerRequest();
            default -> null;
        };
    }
}
