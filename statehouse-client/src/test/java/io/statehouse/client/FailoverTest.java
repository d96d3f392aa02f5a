package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.statehouse.proto.v1.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailoverTest {
    private static final Json VALUE = Json.of(Map.of("n", 1));

    @Test
    void aHintIsFollowedAndTheLeaderRemembered() {
        try (var cluster = new FakeCluster(3);
                var client = cluster.connect()) {
            cluster.lead(cluster.node(2));

            client.put("ada", "task", VALUE);
            client.put("ada", "task", VALUE);

            assertThat(cluster.node(2).commitIds).hasSize(2);
            assertThat(cluster.node(0).commitIds.size()
                            + cluster.node(1).commitIds.size())
                    .isEqualTo(1);
        }
    }

    @Test
    void aHintToAnEndpointNobodyConfiguredIsFollowed() {
        try (var cluster = new FakeCluster(2);
                var client =
                        cluster.connect(o -> o.endpoints(List.of(cluster.node(0).address())))) {
            cluster.lead(cluster.node(1));

            client.put("ada", "task", VALUE);

            assertThat(cluster.node(1).commitIds).hasSize(1);
        }
    }

    @Test
    void aHintThatLeadsNowhereFromHereMakesTheClientAskForForwarding() throws IOException {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            cluster.node(0).deed = FakeNode.Deed.NAME_LEADER;
            cluster.node(0).leader = closedAddress();

            client.put("ada", "task", VALUE);
            client.put("ada", "task", VALUE);

            assertThat(cluster.state().applied()).hasSize(2);
            assertThat(cluster.node(0).commitIds).hasSize(3);
        }
    }

    @Test
    void aCommitWhoseLeaderDiesBeforeAnsweringIsAppliedOnceAndAnsweredByAnother() {
        try (var cluster = new FakeCluster(3);
                var client = cluster.connect()) {
            FakeNode dying = cluster.node(0);
            dying.deed = FakeNode.Deed.DO_AND_DIE;
            cluster.node(1).deed = FakeNode.Deed.NOT_READY;
            cluster.node(1).commitIds.clear();
            CompletableFuture<Void> elected = CompletableFuture.runAsync(() -> {
                await().until(() ->
                        !dying.isRunning() && !cluster.node(1).commitIds.isEmpty());
                cluster.node(1).deed = FakeNode.Deed.ANSWER;
            });
            cluster.node(2).deed = FakeNode.Deed.NOT_READY;

            CommitResult result = client.put("ada", "task", VALUE);
            elected.join();

            assertThat(result.replayed()).isTrue();
            assertThat(result.commitTs()).isEqualTo(1);
            assertThat(cluster.state().applied()).hasSize(1);
            assertThat(dying.commitIds).containsExactly(result.transactionId());
            assertThat(cluster.node(1).commitIds).containsOnly(result.transactionId());
        }
    }

    @Test
    void withEveryEndpointDownAWriteIsCertainlyNotAppliedAndEndsWithinItsTime() throws IOException {
        try (var client = StatehouseClient.connect(
                ClientOptions.of(closedAddress() + "," + closedAddress()).callTimeout(Duration.ofMillis(800)))) {
            long start = System.nanoTime();

            assertThatThrownBy(() -> client.put("ada", "task", VALUE))
                    .isInstanceOf(StatehouseException.Unavailable.class)
                    .hasMessageContaining("no answer within 800 ms");

            assertThat(since(start)).isBetween(Duration.ofMillis(790), Duration.ofMillis(1_800));
        }
    }

    @Test
    void anEndpointThatAcceptsAndNeverSpeaksDoesNotEatTheWholeCall() throws IOException {
        try (var hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var cluster = new FakeCluster(1);
                var client = cluster.connect(o -> o.endpoints(List.of(
                                "127.0.0.1:" + hole.getLocalPort(),
                                cluster.node(0).address()))
                        .tryTimeout(Duration.ofMillis(200)))) {
            long start = System.nanoTime();

            CommitResult result = client.put("ada", "task", VALUE);

            assertThat(result.commitTs()).isEqualTo(1);
            assertThat(since(start)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void aSilentNodeIsLeftAndTheSameIdSentToAnother() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect(o -> o.tryTimeout(Duration.ofMillis(300)))) {
            cluster.node(0).deed = FakeNode.Deed.DO_AND_BE_SILENT;

            CommitResult result = client.put("ada", "task", VALUE);

            assertThat(result.replayed()).isTrue();
            assertThat(cluster.state().applied()).hasSize(1);
            assertThat(cluster.node(1).commitIds).containsExactly(result.transactionId());
        }
    }

    @Test
    void aCommitThatWasSentAndNeverAnsweredHasAnUnknownOutcomeThatResolveEnds() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(
                        o -> o.callTimeout(Duration.ofMillis(900)).tryTimeout(Duration.ofMillis(300)))) {
            cluster.node(0).deed = FakeNode.Deed.DO_AND_BE_SILENT;

            var unknown = catchThrowableOfType(
                    StatehouseException.OutcomeUnknown.class, () -> client.put("ada", "task", VALUE));
            cluster.node(0).deed = FakeNode.Deed.ANSWER;
            TransactionFate fate = client.resolve(unknown.transactionId());

            assertThat(fate.status()).isEqualTo(TransactionFate.Status.COMMITTED);
            assertThat(fate.result()).isNotNull();
            assertThat(cluster.node(0).commitIds).containsOnly(unknown.transactionId());
        }
    }

    @Test
    void aResolvedIdThatHadNoFateIsAbortedAndALateCommitOfItRefused() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            String id = client.newTransactionId();

            TransactionFate fate = client.resolve(id);
            var refused = catchThrowableOfType(
                    StatehouseException.Refused.class,
                    () -> client.commit(
                            Commit.builder().id(id).put("ada", "task", VALUE).build()));

            assertThat(fate.status()).isEqualTo(TransactionFate.Status.ABORTED);
            assertThat(refused.code()).isEqualTo(RefusalCode.TRANSACTION_ABORTED);
            assertThat(client.transaction(id).status()).isEqualTo(TransactionFate.Status.ABORTED);
        }
    }

    @Test
    void aRefusalOfALaterTryDoesNotDenyAnEarlierOne() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            cluster.node(0).deed = FakeNode.Deed.DO_AND_DIE;
            cluster.node(1).deed = FakeNode.Deed.FAIL;
            cluster.node(1).failure =
                    FakeNode.error(ErrorCode.LIMIT_EXCEEDED, "too large", Map.of("limit", "valueBytesMax"));

            assertThatThrownBy(() -> client.put("ada", "task", VALUE))
                    .isInstanceOf(StatehouseException.OutcomeUnknown.class)
                    .hasMessageContaining("too large");
        }
    }

    @Test
    void aConflictIsTheLastWordEvenAfterADoubtfulTry() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            cluster.node(0).deed = FakeNode.Deed.FAIL;
            cluster.node(0).failure = Status.UNAVAILABLE.asRuntimeException();
            cluster.node(1).deed = FakeNode.Deed.FAIL;
            cluster.node(1).failure =
                    FakeNode.error(ErrorCode.CONFLICT, "changed", Map.of("key", "task", "current_version", "7"));

            var refused =
                    catchThrowableOfType(StatehouseException.Refused.class, () -> client.put("ada", "task", VALUE));

            assertThat(refused.code()).isEqualTo(RefusalCode.CONFLICT);
            assertThat(refused.currentVersion()).isEqualTo(7);
        }
    }

    @Test
    void aRefusalIsNotTriedAgain() {
        try (var cluster = new FakeCluster(3);
                var client = cluster.connect()) {
            for (int i = 0; i < 3; i++) {
                cluster.node(i).deed = FakeNode.Deed.FAIL;
                cluster.node(i).failure =
                        FakeNode.error(ErrorCode.INVALID_REQUEST, "agent_id is empty", Map.of("field", "agent_id"));
            }

            var refused = catchThrowableOfType(StatehouseException.Refused.class, () -> client.put("", "task", VALUE));

            assertThat(refused.field()).isEqualTo("agent_id");
            assertThat(cluster.node(0).commitIds.size()
                            + cluster.node(1).commitIds.size()
                            + cluster.node(2).commitIds.size())
                    .isEqualTo(1);
        }
    }

    @Test
    void aDeadlineOfOneMillisecondIsKept() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            cluster.node(0).deed = FakeNode.Deed.BE_SILENT;
            long start = System.nanoTime();

            assertThatThrownBy(() -> client.withTimeout(Duration.ofMillis(1)).get("ada", "task"))
                    .isInstanceOf(StatehouseException.Unavailable.class);

            assertThat(since(start)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void aNodeThatComesBackIsUsedAtOnceAndNotAfterGrpcsOwnBackoff() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            // The quickest of several, since a busy machine may hold up any one; gRPC's own wait holds up all of them.
            Duration quickest = IntStream.range(0, 3)
                    .mapToObj(round -> untilUsedAgain(cluster.node(0), client))
                    .min(Comparator.naturalOrder())
                    .orElseThrow();

            assertThat(quickest).isLessThan(Duration.ofMillis(600));
        }
    }

    private static Duration untilUsedAgain(FakeNode node, StatehouseClient client) {
        client.put("ada", "task", VALUE);
        node.close();
        // A failed connect; gRPC itself would wait 0.8 to 1.2 seconds before the next.
        assertThatThrownBy(() -> client.withTimeout(Duration.ofMillis(50)).put("ada", "task", VALUE))
                .isInstanceOf(StatehouseException.class);
        node.restart();
        long start = System.nanoTime();
        client.put("ada", "task", VALUE);
        return since(start);
    }

    @Test
    void anOverloadedServerIsLeftAloneForAsLongAsItAsks() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(o -> o.callTimeout(Duration.ofMillis(700)))) {
            cluster.node(0).deed = FakeNode.Deed.FAIL;
            cluster.node(0).failure =
                    FakeNode.error(ErrorCode.OVERLOADED, "too much to do", Map.of("retry_after_ms", "300"));

            assertThatThrownBy(() -> client.put("ada", "task", VALUE))
                    .isInstanceOf(StatehouseException.Unavailable.class)
                    .hasMessageContaining("too much to do");

            assertThat(cluster.node(0).commitIds).hasSizeBetween(2, 3);
        }
    }

    @Test
    void aTransferToAnyoneIsNotRepeatedWhenItMayHaveBeenDone() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            cluster.node(0).deed = FakeNode.Deed.DO_AND_DIE;
            cluster.node(1).deed = FakeNode.Deed.ANSWER;

            assertThatThrownBy(() -> client.admin().transferLeadership(""))
                    .isInstanceOf(StatehouseException.Unavailable.class)
                    .hasMessageContaining("might be done twice");

            assertThat(cluster.node(1).calls).isEmpty();
            assertThat(client.admin().transferLeadership("n3")).isEqualTo("n3");
        }
    }

    @Test
    void cancellingAFutureEndsItsCall() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            cluster.node(0).deed = FakeNode.Deed.BE_SILENT;
            CompletableFuture<Entry> answer = client.getAsync("ada", "task");
            await().until(() -> !cluster.node(0).calls.isEmpty());

            answer.cancel(true);
            cluster.node(0).deed = FakeNode.Deed.ANSWER;

            assertThat(client.get("ada", "task").exists()).isFalse();
            assertThat(cluster.node(0).calls).hasSize(2);
        }
    }

    static String closedAddress() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
