package io.statehouse.node;

import static io.statehouse.node.contract.V1Client.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.config.NodeConfig;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.raft.Member;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A follower whose leader answers badly: what is definite is said to be, and nothing else. */
class LostAnswerTest {
    private static final String ADA = "ada";

    private final ReplicatedLog state = SoloLog.open(
            new Member("leader", "127.0.0.1:1", "127.0.0.1:1"),
            StateMachine.open(new TreeStore(), Limits.DEFAULT),
            Clock.systemUTC(),
            new SplittableRandom(1));
    private @Nullable Server leader;
    private @Nullable TestNode follower;

    @BeforeEach
    void start() {
        state.start();
    }

    @AfterEach
    void stop() {
        if (leader != null) {
            leader.shutdownNow();
        }
        if (follower != null) {
            follower.close();
        }
        state.close();
    }

    /** A leader that does this with a commit. */
    private int leaderThat(BiConsumer<Server, StreamObserver<CommitResponse>> commit) throws Exception {
        CompletableFuture<Server> self = new CompletableFuture<>();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new StatehouseServiceGrpc.StatehouseServiceImplBase() {
                    @Override
                    public void commit(CommitRequest request, StreamObserver<CommitResponse> observer) {
                        commit.accept(self.join(), observer);
                    }
                })
                .build()
                .start();
        self.complete(server);
        leader = server;
        return server.getPort();
    }

    private V1Client followerOf(int leaderPort) {
        NodeConfig config = TestNode.config(Map.of());
        Member leading = new Member("leader", "127.0.0.1:1", "127.0.0.1:" + leaderPort);
        TestNode node = TestNode.start(
                new StatehouseNode(config, new FakeLog.Follower(state, config.self(), leading), BuildInfo.read()));
        follower = node;
        return new V1Client(node.address(), "");
    }

    private static void refused(Status.Code status, ErrorCode code, Runnable call) {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(call::run)
                .satisfies(failure -> {
                    assertThat(failure.getStatus().getCode())
                            .as(failure.toString())
                            .isEqualTo(status);
                    assertThat(V1Client.errorOf(failure).getCode()).isEqualTo(code);
                });
    }

    @Test
    void aConnectionLostAfterSendingLeavesTheOutcomeUnknown() throws Exception {
        int port = leaderThat((server, observer) -> server.shutdownNow());
        try (V1Client client = followerOf(port)) {
            String txnId = client.begin();
            client.write(txnId, ADA, "k", number(1));

            refused(Status.Code.UNKNOWN, ErrorCode.OUTCOME_UNKNOWN, () -> client.commit(txnId));
            // Nothing may be added to what may be committed already.
            refused(
                    Status.Code.FAILED_PRECONDITION,
                    ErrorCode.TXN_ALREADY_COMMITTED,
                    () -> client.write(txnId, ADA, "k", number(2)));
        }
    }

    @Test
    void aHomeLostAfterSendingLeavesTheOutcomeUnknownIfNobodyCanSettleIt() throws Exception {
        int port = leaderThat((server, observer) -> server.shutdownNow());
        try (V1Client client = followerOf(port)) {
            // The leader is its home, too, and takes the ledger with it.
            String txnId = "0192d3a4-0000-7000-8000-000000000001@leader";

            refused(Status.Code.UNKNOWN, ErrorCode.OUTCOME_UNKNOWN, () -> client.commit(txnId));
            // The next one is not even sent: that one changes nothing for certain.
            refused(Status.Code.UNAVAILABLE, ErrorCode.NOT_READY, () -> client.commit(txnId));
        }
    }

    @Test
    void aCommitInDoubtIsSentAgainUnderTheSameId() throws Exception {
        CompletableFuture<CommitResponse> answer = CompletableFuture.completedFuture(
                CommitResponse.newBuilder().setCommitTs(7).setReplayed(true).build());
        var tries = new AtomicInteger();
        int port = leaderThat((server, observer) -> {
            if (tries.getAndIncrement() == 0) {
                // An answer without our details comes from the transport, not from the leader.
                observer.onError(Status.CANCELLED.asRuntimeException());
            } else {
                observer.onNext(answer.join());
                observer.onCompleted();
            }
        });
        try (V1Client client = followerOf(port)) {
            String txnId = client.begin();

            refused(Status.Code.UNKNOWN, ErrorCode.OUTCOME_UNKNOWN, () -> client.commit(txnId));

            assertThat(client.commit(txnId)).isEqualTo(7);
        }
    }

    @Test
    void aLeaderThatCannotBeReachedHasAppliedNothing() {
        int nobody = TestCluster.freePorts(1).get(0);
        try (V1Client client = followerOf(nobody)) {
            String txnId = client.begin();

            refused(Status.Code.UNAVAILABLE, ErrorCode.NOT_READY, () -> client.commit(txnId));
            // Still open: nothing was proposed.
            client.write(txnId, ADA, "k", number(1));
        }
    }

    @Test
    void theCallersDeadlineTravelsWithTheCall() throws Exception {
        CompletableFuture<Long> millisLeft = new CompletableFuture<>();
        int port = leaderThat((server, observer) -> {
            Deadline deadline = Context.current().getDeadline();
            millisLeft.complete(deadline == null ? Long.MAX_VALUE : deadline.timeRemaining(TimeUnit.MILLISECONDS));
        });
        try (V1Client client = followerOf(port)) {
            String txnId = client.begin();

            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> client.stub()
                            .withDeadlineAfter(2, TimeUnit.SECONDS)
                            .commit(CommitRequest.newBuilder().setTxnId(txnId).build()))
                    .satisfies(failure ->
                            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));

            assertThat(millisLeft.get(10, TimeUnit.SECONDS)).isLessThanOrEqualTo(2_000);
        }
    }
}
