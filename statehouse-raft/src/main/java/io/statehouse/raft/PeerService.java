package io.statehouse.raft;

import io.statehouse.raft.tls.MemberTls;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/** Answers other members on the Raft port, and shuts the doors there that Ratis leaves open to everybody. */
final class PeerService implements GrpcServices.Customizer, ServerInterceptor {
    /** Ratis's own services for its clients; ours submit in process, so nobody has business there. */
    private static final Set<String> CLOSED =
            Set.of("ratis.grpc.RaftClientProtocolService", "ratis.grpc.AdminProtocolService");

    private final Self self;
    private final Answers answers;
    private final List<ServerServiceDefinition> others;

    /** Who answers here. */
    record Self(UUID clusterId, String peerId, MemberTls tls) {}

    /**
     * Where the answers come from.
     *
     * @param featureLevelMax what this member knows
     * @param isMember whether a peer belongs to the cluster, as this leader knows it
     */
    record Answers(
            Supplier<CompletableFuture<Long>> confirmLeadership,
            Consumer<ServerCallStreamObserver<byte[]>> sendSnapshot,
            LongSupplier clock,
            Predicate<String> isMember,
            int featureLevelMax) {}

    PeerService(Self self, Answers answers, List<ServerServiceDefinition> others) {
        this.self = self;
        this.answers = answers;
        this.others = others;
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        builder.intercept(new EnvelopeCheck(self.peerId));
        // The last one is asked first, and the certificates come before all.
        builder.intercept(this);
        builder.addService(definition());
        others.forEach(builder::addService);
        return self.tls.guard(builder);
    }

    private ServerServiceDefinition definition() {
        return ServerServiceDefinition.builder(PeerMethods.SERVICE)
                .addMethod(PeerMethods.READ_INDEX, ServerCalls.asyncUnaryCall(this::readIndex))
                .addMethod(PeerMethods.FETCH_SNAPSHOT, ServerCalls.asyncServerStreamingCall(this::fetchSnapshot))
                .addMethod(PeerMethods.READ_CLOCK, ServerCalls.asyncUnaryCall(this::readClock))
                .addMethod(PeerMethods.READ_FEATURE_LEVEL, ServerCalls.asyncUnaryCall(this::readFeatureLevel))
                .addMethod(PeerMethods.READ_MEMBERSHIP, ServerCalls.asyncUnaryCall(this::readMembership))
                .build();
    }

    private void readClock(byte[] request, StreamObserver<byte[]> reply) {
        if (!isStranger(request, reply)) {
            reply.onNext(PeerMethods.number(answers.clock.getAsLong()));
            reply.onCompleted();
        }
    }

    private void readFeatureLevel(byte[] request, StreamObserver<byte[]> reply) {
        if (!isStranger(request, reply)) {
            reply.onNext(PeerMethods.number(answers.featureLevelMax));
            reply.onCompleted();
        }
    }

    private void readIndex(byte[] request, StreamObserver<byte[]> reply) {
        if (!isStranger(request, reply)) {
            answerAsLeader(reply, index -> index);
        }
    }

    private void readMembership(byte[] request, StreamObserver<byte[]> reply) {
        if (!isStranger(request, reply)) {
            answerAsLeader(reply, index -> answers.isMember.test(PeerMethods.text(request)) ? 1 : 0);
        }
    }

    private void answerAsLeader(StreamObserver<byte[]> reply, LongUnaryOperator answer) {
        var unused = answers.confirmLeadership.get().whenComplete((index, failure) -> {
            if (failure != null) {
                reply.onError(Status.FAILED_PRECONDITION
                        .withDescription(RatisFailures.waiting(failure).getMessage())
                        .asRuntimeException());
            } else {
                reply.onNext(PeerMethods.number(answer.applyAsLong(index)));
                reply.onCompleted();
            }
        });
    }

    private void fetchSnapshot(byte[] request, StreamObserver<byte[]> reply) {
        if (!isStranger(request, reply)) {
            answers.sendSnapshot.accept((ServerCallStreamObserver<byte[]>) reply);
        }
    }

    private boolean isStranger(byte[] request, StreamObserver<byte[]> reply) {
        boolean isStranger = !PeerMethods.isFrom(request, self.clusterId);
        if (isStranger) {
            reply.onError(Status.PERMISSION_DENIED
                    .withDescription("this member belongs to cluster " + self.clusterId)
                    .asRuntimeException());
        }
        return isStranger;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (service != null && CLOSED.contains(service)) {
            call.close(
                    Status.PERMISSION_DENIED.withDescription("this service is not offered to the network"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }
}
