package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.ReadRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransactionTest {
    @Test
    void whatWasReadBecomesConditionsAndTheRecordedReadSet() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            client.put("ada", "task", Json.of(1));
            client.put("ada", "task", Json.of(2));

            try (Transaction transaction = client.begin()) {
                transaction.get("ada", "task");
                transaction.get("ada", "never");
                transaction.put("ada", "done", Json.of(true)).label("run", "7").commit();
            }

            CommitRequest sent = cluster.state().applied().get(2);
            assertThat(sent.getTransaction().getConditionsList())
                    .extracting(c -> c.getNamespace() + "/" + c.getKey() + "=" + c.getVersionEquals())
                    .containsExactly("default/task=2", "default/never=0");
            assertThat(sent.getTransaction().getReadSetList())
                    .extracting(ReadRecord::getKey, ReadRecord::getVersion)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("task", 2L),
                            org.assertj.core.groups.Tuple.tuple("never", 0L));
        }
    }

    @Test
    void aTransactionThatReadWhatHasChangedIsRefused() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect();
                Transaction transaction = client.begin()) {
            client.put("ada", "task", Json.of(1));
            transaction.get("ada", "task");
            client.put("ada", "task", Json.of(2));

            var refused = catchThrowableOfType(
                    StatehouseException.Refused.class,
                    () -> transaction.put("ada", "done", Json.of(true)).commit());

            assertThat(refused.code()).isEqualTo(RefusalCode.CONFLICT);
            assertThat(refused.currentVersion()).isEqualTo(2);
            assertThat(client.get("ada", "done").exists()).isFalse();
        }
    }

    @Test
    void allReadsSeeTheMomentOfTheFirst() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect();
                Transaction transaction = client.begin()) {
            client.put("ada", "a", Json.of(1));
            client.put("ada", "b", Json.of(1));
            transaction.get("ada", "a");
            client.put("ada", "b", Json.of(2));

            assertThat(transaction.get("ada", "b").require()).isEqualTo(Json.of(1));
            assertThatThrownBy(transaction::commit).isInstanceOf(StatehouseException.Refused.class);
        }
    }

    @Test
    void aTransactionOnAnEmptyStoreSeesNothingThatCameLater() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect();
                Transaction transaction = client.begin()) {
            transaction.get("ada", "a");
            client.put("ada", "b", Json.of(1));

            assertThat(transaction.get("ada", "b").version()).isZero();
        }
    }

    @Test
    void itsOwnWritesAreSeenAndSentInTheirOrder() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect();
                Transaction transaction = client.begin()) {
            transaction.put("ada", "task", Json.of(1)).delete("ada", "task").put("ada", "task", Json.of(3));

            assertThat(transaction.get("ada", "task").require()).isEqualTo(Json.of(3));
            assertThat(transaction.commit().versions()).containsExactly(1L, 2L, 3L);
            assertThat(cluster.state().applied().get(0).getTransaction().getConditionsList())
                    .isEmpty();
        }
    }

    @Test
    void closingWithoutACommitSendsNothing() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            Transaction transaction = client.begin().put("ada", "task", Json.of(1));

            transaction.close();

            assertThat(cluster.node(0).calls).isEmpty();
            assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aCommitThatEndedInDoubtMayBeRepeatedAndIsAppliedOnce() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(
                        o -> o.callTimeout(Duration.ofMillis(400)).tryTimeout(Duration.ofMillis(150)));
                Transaction transaction = client.begin().put("ada", "task", Json.of(1))) {
            cluster.node(0).deed = FakeNode.Deed.DO_AND_BE_SILENT;
            assertThatThrownBy(transaction::commit).isInstanceOf(StatehouseException.OutcomeUnknown.class);
            cluster.node(0).deed = FakeNode.Deed.ANSWER;

            CommitResult result = transaction.commit();

            assertThat(result.replayed()).isTrue();
            assertThat(cluster.state().applied()).hasSize(1);
        }
    }

    @Test
    void incrementsOfManyThreadsAreAllCounted() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(
                        o -> o.retry(new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(20), 500, 200)))) {
            List<CompletableFuture<Void>> writers = IntStream.range(0, 4)
                    .mapToObj(w -> CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 10; i++) {
                            increment(client);
                        }
                    }))
                    .toList();
            writers.forEach(CompletableFuture::join);

            assertThat(client.get("ada", "count").require()).isEqualTo(Json.of(40));
        }
    }

    private static void increment(StatehouseClient client) {
        client.transact(transaction -> {
            Entry entry = transaction.get("ada", "count");
            long count = entry.exists() ? entry.require().longValue() : 0;
            return transaction.put("ada", "count", Json.of(count + 1));
        });
    }

    @Test
    void conflictsAreTriedAgainAsOftenAsThePolicySaysAndNoMore() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(
                        o -> o.retry(new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(2), 500, 3)))) {
            var runs = new AtomicInteger();

            var refused = catchThrowableOfType(
                    StatehouseException.Refused.class,
                    () -> client.transact(transaction -> {
                        transaction.get("ada", "task");
                        client.put("ada", "task", Json.of(runs.incrementAndGet()));
                        return transaction.put("ada", "done", Json.of(true));
                    }));

            assertThat(refused.code()).isEqualTo(RefusalCode.CONFLICT);
            assertThat(runs).hasValue(3);
        }
    }

    @Test
    void aBodyWhoseCommitIsInDoubtIsNotRunAgain() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(
                        o -> o.callTimeout(Duration.ofMillis(400)).tryTimeout(Duration.ofMillis(150)))) {
            var runs = new AtomicInteger();
            cluster.node(0).deed = FakeNode.Deed.DO_AND_BE_SILENT;

            assertThatThrownBy(() -> client.transact(transaction -> {
                        runs.incrementAndGet();
                        return transaction.put("ada", "task", Json.of(1));
                    }))
                    .isInstanceOf(StatehouseException.OutcomeUnknown.class);

            assertThat(runs).hasValue(1);
        }
    }
}
