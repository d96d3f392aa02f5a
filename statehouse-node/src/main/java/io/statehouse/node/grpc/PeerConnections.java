package io.statehouse.node.grpc;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.security.ApiDoor;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.raft.Member;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Connections to the other nodes' APIs, one per address, made when first needed and bounded by the members there are. */
final class PeerConnections implements AutoCloseable {
    /** A dead peer is noticed after this and the same again; calls under way then end as lost. */
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final String self;
    private final NodeLimits limits;
    private final Means means;
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

    /** By what it speaks to others; without a door there is no TLS. */
    record Means(WireFormat wire, @Nullable ApiDoor door, Executor executor) {}

    PeerConnections(String self, NodeLimits limits, Means means) {
        this.self = self;
        this.limits = limits;
        this.means = means;
    }

    /** The peer did not answer; what it may have done depends on whether the call was sent. */
    static final class PeerLost extends RuntimeException {
        private final Member peer;
        private final boolean wasSent;

        private PeerLost(Member peer, boolean wasSent, StatusRuntimeException cause) {
            super(
                    (wasSent ? "lost the connection to node " : "cannot reach node ") + peer.id() + " at "
                            + peer.apiAddress() + ": " + cause.getStatus().getCode(),
                    cause);
            this.peer = peer;
            this.wasSent = wasSent;
        }

        Member peer() {
            return peer;
        }

        /** Whether the caller's time was over, and not the peer gone. */
        boolean isLate() {
            return getCause() instanceof StatusRuntimeException cause
                    && cause.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
        }

        /** What the caller is told if nothing better can be found out. */
        ServiceException told() {
            String reason = String.valueOf(getMessage());
            return wasSent ? Refusals.outcomeUnknown(reason) : Refusals.notReady(reason);
        }
    }

    /** Where a call is sent on to, and the header that says why it must not go round in circles. */
    record Way(Member peer, Metadata.Key<String> reason) {}

    /** Sends a call on. Fails with the peer's {@link ServiceException} or with {@link PeerLost}. */
    <Q, R> CompletableFuture<R> call(Way way, MethodDescriptor<Q, R> method, Q request, Caller caller) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        SentFlag sent = new SentFlag();
        CallOptions options = CallOptions.DEFAULT
                .withDeadlineAfter(caller.timeLeft().toNanos(), TimeUnit.NANOSECONDS)
                .withStreamTracerFactory(sent);
        // Not in the context of the call it serves: a client that hangs up must not take a sent commit with it.
        Context.ROOT.run(() -> ClientCalls.asyncUnaryCall(
                channel(way, caller).newCall(means.wire().deep(method), options), request, new StreamObserver<>() {
                    @Override
                    public void onNext(R response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(
                                failureOf(way.peer(), (StatusRuntimeException) failure, sent.isSet()));
                    }

                    @Override
                    public void onCompleted() {}
                }));
        return answer;
    }

    private static RuntimeException failureOf(Member peer, StatusRuntimeException failure, boolean wasSent) {
        ServiceException answered = StatusMapper.fromPeer(failure);
        return answered == null ? new PeerLost(peer, wasSent, failure) : answered;
    }

    private Channel channel(Way way, Caller caller) {
        ManagedChannel channel = channels.computeIfAbsent(way.peer().apiAddress(), this::connect);
        // A peer that was restarted must not wait for the back-off of the connection to its former life.
        channel.resetConnectBackoff();
        Metadata headers = new Metadata();
        headers.put(way.reason(), self);
        headers.put(Calls.TRACEPARENT, caller.authority().arrival().trace().traceparent());
        String shown = caller.authority().shown();
        if (!shown.isEmpty()) {
            headers.put(Calls.AUTHORIZATION, Calls.BEARER + shown);
        }
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private ManagedChannel connect(String address) {
        return NettyChannelBuilder.forTarget("dns:///" + address, credentials(means.door()))
                .disableRetry()
                .executor(means.executor())
                .maxInboundMessageSize(limits.requestBytesMax())
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    private static ChannelCredentials credentials(@Nullable ApiDoor door) {
        if (door == null) {
            return InsecureChannelCredentials.create();
        }
        return TlsChannelCredentials.newBuilder()
                .keyManager(door.certificates().keyManager())
                .trustManager(door.certificates().trustManager())
                .build();
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }

    /** Knows whether any byte of a call may have left this node. */
    private static final class SentFlag extends ClientStreamTracer.Factory {
        private final AtomicBoolean isSet = new AtomicBoolean();

        private boolean isSet() {
            return isSet.get();
        }

        @Override
        public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void streamCreated(Attributes transport, Metadata sentHeaders) {
                    isSet.set(true);
                }
            };
        }
    }

    /** The first {@link PeerLost} or {@link ServiceException} behind a future's failure. */
    static Throwable unwrap(Throwable failure) {
        @Nullable Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
