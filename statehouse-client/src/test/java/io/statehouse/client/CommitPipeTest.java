package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommitPipeTest {
    private static final int COMMITS = 2_000;
    private static final Json VALUE = Json.parse("1");

    @Test
    void commitsThatAreUnderWayTogetherShareOneCall() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            var results = all(put(client, COMMITS));

            assertThat(results.stream().map(CommitResult::commitTs))
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, COMMITS).boxed().toList());
            assertThat(cluster.node(0).streams().streams).hasValue(1);
            assertThat(cluster.node(0).streams().commits.get()).isGreaterThan(COMMITS / 2);
        }
    }

    @Test
    void aCommitThatIsAloneHasACallOfItsOwn() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            client.put("ada", "task", VALUE);

            assertThat(cluster.node(0).streams().streams).hasValue(0);
        }
    }

    @Test
    void commitsOneAfterAnotherShareOneCall() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            for (int i = 0; i < COMMITS; i++) {
                client.put("ada", "task", VALUE);
            }

            assertThat(cluster.node(0).streams().streams).hasValue(1);
            assertThat(cluster.node(0).streams().commits.get()).isGreaterThan(COMMITS / 2);
        }
    }

    @Test
    void aLargeCommitHasACallOfItsOwn() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            for (int i = 0; i < COMMITS; i++) {
                client.put("ada", "task", Json.of("x".repeat(Pipe.REQUEST_BYTES_MAX)));
            }

            assertThat(cluster.node(0).streams().commits).hasValue(0);
        }
    }

    @Test
    void theSharedCallOutlivesTheOneInWhichItWasOpened() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            var users = Context.current().withCancellation();
            users.run(() -> all(put(client, COMMITS)));

            users.cancel(null);
            all(put(client, COMMITS));

            assertThat(cluster.node(0).streams().streams).hasValue(1);
        }
    }

    @Test
    void theTriesOfOneCommitAreNoCompanyForEachOther() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            cluster.lead(cluster.node(1));

            client.put("ada", "task", VALUE);

            assertThat(cluster.node(0).streams().streams).hasValue(0);
            assertThat(cluster.node(1).streams().streams).hasValue(0);
        }
    }

    @Test
    void whatWasUnderWayWhenTheNodeDiedIsAppliedOnce() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            cluster.lead(cluster.node(0));
            all(put(client, COMMITS));
            cluster.node(0).deed = FakeNode.Deed.DO_AND_BE_SILENT;
            var underWay = put(client, COMMITS);
            cluster.node(1).deed = FakeNode.Deed.ANSWER;
            cluster.node(0).die();

            var results = all(underWay);

            assertThat(results).hasSize(COMMITS);
            assertThat(cluster.state().applied()).hasSize(2 * COMMITS).doesNotHaveDuplicates();
        }
    }

    @Test
    void aNodeThatDoesNotStreamIsAskedByCallsOfTheirOwn() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            cluster.node(0).streams().isUnknown = true;

            assertThat(all(put(client, COMMITS))).hasSize(COMMITS);

            assertThat(cluster.node(0).streams().commits).hasValue(0);
            assertThat(cluster.state().applied()).hasSize(COMMITS);
        }
    }

    @Test
    void aLeaderThatIsNoneNamesTheOther() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            cluster.lead(cluster.node(0));
            all(put(client, COMMITS));
            cluster.lead(cluster.node(1));

            assertThat(all(put(client, COMMITS))).hasSize(COMMITS);
            assertThat(cluster.node(1).streams().streams).hasPositiveValue();
        }
    }

    @Test
    void whatIsNotAnsweredInTimeIsInDoubt() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(
                        o -> o.callTimeout(Duration.ofMillis(600)).tryTimeout(Duration.ofMillis(200)))) {
            cluster.node(0).deed = FakeNode.Deed.DO_AND_BE_SILENT;

            var ends = put(client, 10).stream()
                    .map(commit -> commit.handle((result, failure) -> failure))
                    .map(CompletableFuture::join)
                    .map(failure -> failure instanceof CompletionException ? failure.getCause() : failure)
                    .toList();

            assertThat(ends).hasSize(10).allMatch(StatehouseException.OutcomeUnknown.class::isInstance);
        }
    }

    @Test
    void aCallbackThatBlocksKeepsNoOtherCommitFromItsAnswer() throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            var others = new CountDownLatch(COMMITS);
            var blocked = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 8; i++) {
                // Not by this thread: what is answered before it has a callback runs that where it gets it.
                blocked.add(CompletableFuture.runAsync(
                        () -> client.putAsync("ada", "blocked", VALUE)
                                .thenAccept(result -> awaitAll(others))
                                .join(),
                        threads));
            }
            var counted = put(client, COMMITS).stream()
                    .map(commit -> commit.thenAccept(result -> others.countDown()))
                    .toList();

            assertThat(others.await(30, TimeUnit.SECONDS)).isTrue();
            counted.forEach(CompletableFuture::join);
            blocked.forEach(CompletableFuture::join);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<CompletableFuture<CommitResult>> put(StatehouseClient client, int times) {
        var commits = new ArrayList<CompletableFuture<CommitResult>>();
        for (int i = 0; i < times; i++) {
            commits.add(client.putAsync("ada", "task-" + i, VALUE));
        }
        return commits;
    }

    private static List<CommitResult> all(List<CompletableFuture<CommitResult>> commits) {
        return commits.stream().map(CompletableFuture::join).toList();
    }
}
