package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.Seed;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.StatehouseError;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.StatehouseServiceGrpc.StatehouseServiceBlockingStub;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a caller gets wrong is named in a typed error, changes nothing, and leaves every node healthy. */
class BadInputCase {
    private static final long DEADLINE_SECONDS = 30;
    private static final int GARBAGE_CONNECTIONS = 50;
    private static final int GARBAGE_BYTES_MAX = 4_096;
    private static final int BOMB_DEPTH = 5_000;

    private static ProcessCluster cluster;
    private static long commits;

    @BeforeAll
    static void start() {
        cluster = ProcessCluster.start("bad-input");
        commits = put(cluster.awaitLeader());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Nothing was applied in between, nobody died, and a good write still works, through every node. */
    @AfterEach
    void everyNodeIsHealthyAndNothingWasApplied() {
        cluster.awaitReady();
        for (var node : cluster.nodes()) {
            assertThat(put(node)).isEqualTo(++commits);
        }
    }

    private static long put(NodeProcess node) {
        return ask(
                node,
                stub -> stub.commit(commit(operation("ada", "good", "{}"))).getCommitTs());
    }

    record Bad(String what, CommitRequest request, Status.Code status) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Bad> badCommits() {
        var mib = "x".repeat(1 << 20);
        return Stream.of(
                bad("an empty agent", operation("", "key", "{}")),
                bad("an empty key", operation("ada", "", "{}")),
                bad("a key over its limit", operation("ada", "k".repeat(1_025), "{}")),
                bad("an agent over its limit", operation("a".repeat(1_025), "key", "{}")),
                bad("a value over its limit", operation("ada", "key", "\"" + mib + "\"")),
                bad("half a value", operation("ada", "key", "{\"a\":")),
                bad("no value at all", operation("ada", "key", "")),
                bad("two values", operation("ada", "key", "1 2")),
                bad("NaN", operation("ada", "key", "NaN")),
                bad("a name twice", operation("ada", "key", "{\"a\":1,\"a\":2}")),
                bad("half a surrogate pair", operation("ada", "key", "\"\\ud83d\"")),
                bad("a depth bomb", operation("ada", "key", "[".repeat(BOMB_DEPTH) + "]".repeat(BOMB_DEPTH))),
                bad("bytes that are no UTF-8", operation("ada", "key", ByteString.copyFrom(new byte[] {'"', -1, '"'}))),
                bad(
                        "an operation without an action",
                        TransactionOperation.newBuilder().setAgentId("ada").setKey("key")),
                new Bad(
                        "too many operations",
                        commit(IntStream.range(0, 1_001)
                                .mapToObj(i -> operation("ada", "key-" + i, "{}"))
                                .toArray(TransactionOperation.Builder[]::new)),
                        Status.Code.INVALID_ARGUMENT),
                new Bad(
                        "a transaction over its limit",
                        commit(IntStream.range(0, 5)
                                .mapToObj(i -> operation("ada", "key-" + i, "\"" + mib.substring(16) + "\""))
                                .toArray(TransactionOperation.Builder[]::new)),
                        Status.Code.INVALID_ARGUMENT));
    }

    @ParameterizedTest
    @MethodSource("badCommits")
    void aBadCommitIsRefusedByLeaderAndFollower(Bad bad) {
        for (var node : List.of(cluster.awaitLeader(), cluster.awaitFollower())) {
            assertThatThrownBy(() -> ask(node, stub -> stub.commit(bad.request())))
                    .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                        assertThat(refused.getStatus().getCode())
                                .as(refused.toString())
                                .isEqualTo(bad.status());
                        assertThat(error(refused).getMessage()).isNotEmpty();
                    });
        }
    }

    @Test
    void aStructThatIsADepthBombIsRefusedWhereItIsRead() {
        var bomb = DepthBomb.write("ada", "key", BOMB_DEPTH);

        for (var node : cluster.nodes()) {
            assertThatThrownBy(() -> DepthBomb.send(node.api(), bomb)).isInstanceOf(StatusRuntimeException.class);
        }
    }

    @Test
    void unknownTransactionsAndPointsInTheFutureAreNamed() {
        var unknown = CommitRequest.newBuilder().setTxnId("nobody-began-this").build();
        var future = GetStateRequest.newBuilder()
                .setAgentId("ada")
                .setKey("good")
                .setOptions(ReadOptions.newBuilder().setCommitTs(1_000_000))
                .build();

        for (var node : cluster.nodes()) {
            assertThat(codeOf(node, stub -> stub.commit(unknown))).isEqualTo(Status.Code.NOT_FOUND);
            assertThat(codeOf(node, stub -> stub.getState(future))).isEqualTo(Status.Code.OUT_OF_RANGE);
        }
    }

    @Test
    void garbageOnEveryPortHarmsNobody() throws IOException {
        var random = Seed.of("BadInputCase").random(0);
        for (var node : cluster.nodes()) {
            for (var port : List.of(node.apiPort(), node.raftPort(), node.httpPort())) {
                for (int i = 0; i < GARBAGE_CONNECTIONS; i++) {
                    var garbage = new byte[1 + random.nextInt(GARBAGE_BYTES_MAX)];
                    random.nextBytes(garbage);
                    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        socket.getOutputStream().write(garbage);
                    }
                }
            }
        }
    }

    private static Bad bad(String what, TransactionOperation.Builder operation) {
        return new Bad(what, commit(operation), Status.Code.INVALID_ARGUMENT);
    }

    private static CommitRequest commit(TransactionOperation.Builder... operations) {
        var transaction = Transaction.newBuilder();
        for (var operation : operations) {
            transaction.addOperations(operation);
        }
        return CommitRequest.newBuilder()
                .setTxnId(java.util.UUID.randomUUID().toString())
                .setTransaction(transaction)
                .build();
    }

    private static TransactionOperation.Builder operation(String agent, String key, String json) {
        return operation(agent, key, ByteString.copyFromUtf8(json));
    }

    private static TransactionOperation.Builder operation(String agent, String key, ByteString json) {
        return TransactionOperation.newBuilder().setAgentId(agent).setKey(key).setJson(json);
    }

    private interface Question<T> {
        T ask(StatehouseServiceBlockingStub stub);
    }

    private static <T> T ask(NodeProcess node, Question<T> question) {
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(node.api()).usePlaintext().build();
        try {
            return question.ask(StatehouseServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
        } finally {
            channel.shutdownNow();
        }
    }

    private static Status.Code codeOf(NodeProcess node, Question<?> question) {
        try {
            ask(node, question);
            return Status.Code.OK;
        } catch (StatusRuntimeException refused) {
            assertThat(error(refused).getMessage()).isNotEmpty();
            return refused.getStatus().getCode();
        }
    }

    private static StatehouseError error(StatusRuntimeException refused) {
        var status = Objects.requireNonNull(StatusProto.fromThrowable(refused));
        try {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(StatehouseError.class)) {
                    return detail.unpack(StatehouseError.class);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("the details of the error cannot be read", e);
        }
        throw new AssertionError("an error without details: " + refused);
    }
}
