package io.statehouse.node;

import static io.statehouse.node.contract.V1Client.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.Condition;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetRetentionRequest;
import io.statehouse.proto.v1.GetTransactionRequest;
import io.statehouse.proto.v1.Point;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ResolveTransactionRequest;
import io.statehouse.proto.v1.RetentionPolicy;
import io.statehouse.proto.v1.RevertRequest;
import io.statehouse.proto.v1.SetRetentionRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc.StatehouseServiceBlockingStub;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.TransactionStatus;
import io.statehouse.raft.ClusterView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client sees that knows one node of three, and the wrong one. */
class ForwardingTest {
    private static final String ADA = "ada";
    private static final Duration ELECTION_MAX = Duration.ofSeconds(60);

    private TestCluster cluster;

    @BeforeEach
    void start(@TempDir Path directory) {
        cluster = TestCluster.start(directory);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static StatusRuntimeException refused(Status.Code status, ErrorCode code, ThrowingCallable call) {
        StatusRuntimeException failure = assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(call)
                .actual();
        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(status);
        assertThat(V1Client.errorOf(failure).getCode()).isEqualTo(code);
        return failure;
    }

    private static CommitRequest.Builder put(String key, String json) {
        return CommitRequest.newBuilder()
                .setTxnId(UUID.randomUUID().toString())
                .setTransaction(Transaction.newBuilder()
                        .addOperations(TransactionOperation.newBuilder()
                                .setAgentId(ADA)
                                .setKey(key)
                                .setJson(ByteString.copyFromUtf8(json))));
    }

    private static StatehouseServiceBlockingStub leaderAware(V1Client client) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("statehouse-no-forward", Metadata.ASCII_STRING_MARSHALLER), "1");
        return client.stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Test
    void aTimeToLiveAndAPolicyComeToTheLeaderAsTheyWereSent() {
        try (V1Client follower = new V1Client(cluster.followers().get(0).address(), "")) {
            CommitRequest.Builder leased = put("lease", "1");
            leased.getTransactionBuilder().getOperationsBuilder(0).setTtlMs(3_600_000);
            CommitResponse committed = follower.stub().commit(leased.build());
            RetentionPolicy policy = RetentionPolicy.newBuilder()
                    .setMaxAgeMs(60_000)
                    .setKeepVersions(9)
                    .build();
            follower.past()
                    .setRetention(SetRetentionRequest.newBuilder()
                            .setTxnId(UUID.randomUUID().toString())
                            .setPolicy(policy)
                            .build());

            assertThat(follower.replay(ADA).get(0).getOperations(0).getExpiresMs())
                    .isEqualTo(committed.getWallTimeMs() + 3_600_000);
            assertThat(follower.past()
                            .getRetention(GetRetentionRequest.getDefaultInstance())
                            .getPolicy())
                    .isEqualTo(policy);
        }
    }

    @Test
    void aRevertThroughAFollowerKeepsDeadlinesAndIsGuardedToo() {
        try (V1Client follower = new V1Client(cluster.followers().get(0).address(), "")) {
            CommitRequest.Builder leased = put("lease", "1");
            leased.getTransactionBuilder().getOperationsBuilder(0).setTtlMs(3_600_000);
            long then = follower.stub().commit(leased.build()).getCommitTs();
            follower.stub().commit(put("lease", "2").build());
            CommitRequest.Builder late = put("lease", "3");
            late.getTransactionBuilder()
                    .addConditions(Condition.newBuilder().setAgentId(ADA).setAgentUnchangedSince(then));

            refused(
                    Status.Code.ABORTED,
                    ErrorCode.CONFLICT,
                    () -> follower.stub().commit(late.build()));
            follower.past()
                    .revert(RevertRequest.newBuilder()
                            .setAgentId(ADA)
                            .setTo(Point.newBuilder().setCommitTs(then))
                            .setTxnId(UUID.randomUUID().toString())
                            .build());

            List<ReplayEvent> events = follower.replay(ADA);
            assertThat(events.get(2).getOperations(0).getExpiresMs())
                    .isEqualTo(events.get(0).getOperations(0).getExpiresMs())
                    .isPositive();
        }
    }

    @Test
    void aFollowerDoesWhatOnlyTheLeaderCan() {
        try (V1Client follower = new V1Client(cluster.followers().get(0).address(), "")) {
            CommitRequest request = put("k", "9007199254740993").build();

            CommitResponse first = follower.stub().commit(request);
            CommitResponse again = follower.stub().commit(request);
            StatusRuntimeException conflict = refused(
                    Status.Code.ABORTED,
                    ErrorCode.CONFLICT,
                    () -> follower.stub().commit(conditional("k", 7)));
            String never = UUID.randomUUID().toString();

            assertThat(first.getVersionsList()).containsExactly(1L);
            assertThat(again).isEqualTo(first.toBuilder().setReplayed(true).build());
            assertThat(V1Client.errorOf(conflict).getDetailsMap())
                    .containsEntry("key", "k")
                    .containsEntry("current_version", "1");
            assertThat(resolve(follower, never)).isEqualTo(TransactionStatus.TRANSACTION_STATUS_ABORTED);
            assertThat(resolve(follower, request.getTxnId())).isEqualTo(TransactionStatus.TRANSACTION_STATUS_COMMITTED);
            assertThat(follower.get(ADA, "k").getVersion()).isEqualTo(1);
        }
    }

    private static CommitRequest conditional(String key, long version) {
        CommitRequest.Builder request = put(key, "2");
        request.getTransactionBuilder()
                .addConditions(
                        Condition.newBuilder().setAgentId(ADA).setKey(key).setVersionEquals(version));
        return request.build();
    }

    private static TransactionStatus resolve(V1Client client, String txnId) {
        return client.stub()
                .resolveTransaction(
                        ResolveTransactionRequest.newBuilder().setTxnId(txnId).build())
                .getStatus();
    }

    @Test
    void aLeaderAwareClientIsToldWhoLeads() {
        ClusterView view = cluster.leader().node().cluster();
        try (V1Client follower = new V1Client(cluster.followers().get(0).address(), "");
                V1Client leader = new V1Client(cluster.leader().address(), "")) {
            StatusRuntimeException failure = refused(
                    Status.Code.UNAVAILABLE,
                    ErrorCode.NOT_LEADER,
                    () -> leaderAware(follower).commit(put("k", "1").build()));

            assertThat(V1Client.errorOf(failure).getDetailsMap())
                    .containsEntry("leader_id", view.self().id())
                    .containsEntry("leader_address", view.self().apiAddress());
            assertThat(leaderAware(leader).commit(put("k", "1").build()).getCommitTs())
                    .isEqualTo(1);
        }
    }

    @Test
    void aTransactionWhoseHomeDiedIsDefinitelyLost() {
        TestNode home = cluster.followers().get(0);
        try (V1Client atHome = new V1Client(home.address(), "");
                V1Client elsewhere = new V1Client(cluster.followers().get(1).address(), "")) {
            List<String> txnIds = List.of(atHome.begin(), atHome.begin(), atHome.begin(), atHome.begin());
            txnIds.forEach(txnId -> atHome.write(txnId, ADA, "lost", number(1)));
            String committed = atHome.begin();
            atHome.commit(committed);
            home.close();

            refused(Status.Code.ABORTED, ErrorCode.TXN_LOST, () -> elsewhere.commit(txnIds.get(0)));
            refused(
                    Status.Code.ABORTED,
                    ErrorCode.TXN_LOST,
                    () -> elsewhere.write(txnIds.get(1), ADA, "lost", number(2)));
            refused(Status.Code.ABORTED, ErrorCode.TXN_LOST, () -> elsewhere.delete(txnIds.get(2), ADA, "lost"));
            elsewhere.abort(txnIds.get(3));
            refused(
                    Status.Code.FAILED_PRECONDITION,
                    ErrorCode.TXN_ALREADY_COMMITTED,
                    () -> elsewhere.commit(committed));
            // Settled by the log: not even its home could commit it any more.
            assertThat(resolve(elsewhere, txnIds.get(0))).isEqualTo(TransactionStatus.TRANSACTION_STATUS_ABORTED);
            assertThat(elsewhere.get(ADA, "lost").getVersion()).isZero();
        }
    }

    @Test
    void askingAboutATransactionWhoseHomeIsGoneDoesNotEndIt() {
        TestNode home = cluster.followers().get(0);
        try (V1Client atHome = new V1Client(home.address(), "");
                V1Client elsewhere = new V1Client(cluster.followers().get(1).address(), "")) {
            String txnId = atHome.begin();
            home.close();

            refused(
                    Status.Code.UNAVAILABLE,
                    ErrorCode.NOT_READY,
                    () -> elsewhere
                            .stub()
                            .getTransaction(GetTransactionRequest.newBuilder()
                                    .setTxnId(txnId)
                                    .build()));
            refused(Status.Code.ABORTED, ErrorCode.TXN_LOST, () -> elsewhere.commit(txnId));
        }
    }

    @Test
    void aStoppedLeaderHandsOverAndWritesGoOnThroughTheOthers() {
        TestNode leader = cluster.leader();
        TestNode other = cluster.followers().get(0);
        try (V1Client client = new V1Client(other.address(), "")) {
            assertThat(answered(() -> client.put(ADA, "before", number(1)))).isPositive();
            leader.close();

            // The node that is left may still name the old leader for a moment, and a busy machine elects again:
            // refusals, which
            // applied nothing, and no wrong answer.
            assertThat(answered(() -> client.put(ADA, "after", number(1)))).isPositive();
            assertThat(answered(() -> client.get(ADA, "before")).getExists()).isTrue();
            assertThat(answered(() -> client.get(ADA, "after")).getExists()).isTrue();
        }
    }

    /** The first answer that is no refusal. */
    private static <T> T answered(Callable<T> call) {
        return await().atMost(ELECTION_MAX)
                .ignoreException(StatusRuntimeException.class)
                .until(call, Objects::nonNull);
    }
}
