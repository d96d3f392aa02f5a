package io.statehouse.raft;

import io.statehouse.raft.tls.MemberTls;
import io.statehouse.statemachine.FeatureLevel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/** This member's questions to other members, over the port they speak Raft on. */
final class PeerLink implements AutoCloseable {
    /** A leader that is gone without a word sends nothing more, and would be waited for for ever. */
    private static final Duration STALL_MAX = Duration.ofSeconds(60);

    private final UUID clusterId;
    private final MemberTls tls;
    private final Duration readTimeout;
    private final ConcurrentHashMap<String, ManagedChannel> channels = new ConcurrentHashMap<>();

    /** A question for a number fails after the timeout, so that another member can be asked. */
    PeerLink(UUID clusterId, MemberTls tls, Duration readTimeout) {
        this.clusterId = clusterId;
        this.tls = tls;
        this.readTimeout = readTimeout;
    }

    /** Asks a leader for a log index that covers every commit acknowledged before. */
    CompletableFuture<Long> readIndex(Member leader) {
        return ask(leader, PeerMethods.READ_INDEX);
    }

    /** Asks a member for its clock, in milliseconds since 1970. */
    CompletableFuture<Long> readClock(Member member) {
        return ask(member, PeerMethods.READ_CLOCK);
    }

    /** Asks a member whether a peer belongs to the cluster; only the leader answers. */
    CompletableFuture<Boolean> readMembership(Member member, String peerId) {
        return ask(member, PeerMethods.READ_MEMBERSHIP, PeerMethods.request(clusterId, peerId))
                .thenApply(answer -> answer == 1);
    }

    /** Asks a member for the highest feature level that it knows. One that does not know the question knows the first. */
    CompletableFuture<Integer> readFeatureLevel(Member member) {
        return ask(member, PeerMethods.READ_FEATURE_LEVEL)
                .thenApply(Math::toIntExact)
                .exceptionallyCompose(failure -> Status.fromThrowable(failure).getCode() == Status.Code.UNIMPLEMENTED
                        ? CompletableFuture.completedFuture(FeatureLevel.FIRST)
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<Long> ask(Member member, MethodDescriptor<byte[], byte[]> method) {
        return ask(member, method, PeerMethods.request(clusterId));
    }

    private CompletableFuture<Long> ask(Member member, MethodDescriptor<byte[], byte[]> method, byte[] request) {
        var answer = new CompletableFuture<Long>();
        var options = CallOptions.DEFAULT.withDeadlineAfter(readTimeout.toMillis(), TimeUnit.MILLISECONDS);
        var call = channel(member).newCall(method, options);
        ClientCalls.asyncUnaryCall(call, request, new StreamObserver<byte[]>() {
            @Override
            public void onNext(byte[] reply) {
                answer.complete(PeerMethods.number(reply));
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                // Without effect after a reply.
                answer.completeExceptionally(new LogException.Unavailable("the member gave no number", null));
            }
        });
        return answer;
    }

    /** The frames of the leader's checkpoint, fetched one by one as they are taken; blocks the taker. */
    Iterator<byte[]> fetchSnapshot(Member leader) {
        var call = channel(leader).newCall(PeerMethods.FETCH_SNAPSHOT, CallOptions.DEFAULT);
        var frames = ClientCalls.blockingServerStreamingCall(call, PeerMethods.request(clusterId));
        return new PatientFrames(frames, call, STALL_MAX);
    }

    private ManagedChannel channel(Member member) {
        var channel = channels.computeIfAbsent(member.raftAddress(), address -> {
            var parsed = HostPort.parse(address);
            return tls.channel(new InetSocketAddress(parsed.host(), parsed.port()))
                    .maxInboundMessageSize(RaftSettings.MESSAGE_BYTES_MAX)
                    .build();
        });
        // A member that comes back is reached at its second question at the latest, not when a backoff of up to minutes
        // ends.
        channel.resetConnectBackoff();
        return channel;
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
