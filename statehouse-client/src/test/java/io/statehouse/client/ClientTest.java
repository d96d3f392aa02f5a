package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.ListKeysRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClientTest {
    @Test
    void whatWasPutIsReadWithTheNumbersThatMadeIt() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            CommitResult first = client.put("ada", "task", Json.parse("{\"n\": 9007199254740993}"));
            client.delete("ada", "task");

            assertThat(first.versions()).containsExactly(1L);
            assertThat(client.getAt("ada", "task", 1).require().text()).isEqualTo("{\"n\": 9007199254740993}");
            assertThat(client.get("ada", "task")).isEqualTo(new Entry("task", null, 2, 2, Instant.ofEpochMilli(0), 2));
            assertThat(client.getVersion("ada", "task", 1).version()).isEqualTo(1);
            assertThat(client.health()).isEqualTo("ok");
            assertThat(client.version()).isEqualTo(new ServerVersion("1.2.3", "abc"));
        }
    }

    @Test
    void aReadSaysHowFreshItMustBeAndWhichMomentItReads() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            StateKey key = StateKey.of("ada", "task");

            client.get(key, Read.atLeast(0).asOf(0));
            client.get(key, Read.local().asOf(Instant.ofEpochMilli(77)));
            client.get("ada", "task");

            List<GetStateRequest> sent = cluster.node(0).service().gets;
            assertThat(sent.get(0).getOptions().getConsistency()).isEqualTo(Consistency.CONSISTENCY_AT_LEAST);
            assertThat(sent.get(0).getOptions().hasCommitTs()).isTrue();
            assertThat(sent.get(1).getOptions().getConsistency()).isEqualTo(Consistency.CONSISTENCY_LOCAL);
            assertThat(sent.get(1).getOptions().getWallTimeMs()).isEqualTo(77);
            assertThat(sent.get(2).getOptions().getConsistency()).isEqualTo(Consistency.CONSISTENCY_LINEARIZABLE);
        }
    }

    @Test
    void aListingReadsOneCutHoweverMuchIsWrittenMeanwhile() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            for (int i = 0; i < 7; i++) {
                client.put("ada", "k" + i, Json.of(i));
            }

            Listing<String> keys = client.keys(Range.of("ada").prefix("k").pageSize(3));
            client.put("ada", "k00", Json.NULL);
            client.delete("ada", "k6");

            assertThat(keys.toList()).containsExactly("k0", "k1", "k2", "k3", "k4", "k5", "k6");
            assertThat(keys.stream().count()).isEqualTo(7);
            assertThat(keys.readTs()).isEqualTo(7);
        }
    }

    @Test
    void laterPagesNeedNoLeaderOnlyANodeThatHasTheCut() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            client.put("ada", "a", Json.NULL);
            client.put("ada", "b", Json.NULL);

            client.keys(Range.of("ada").pageSize(1)).toList();

            List<ListKeysRequest> sent = cluster.node(0).service().lists;
            assertThat(sent).hasSize(2);
            assertThat(sent.get(1).getOptions().getConsistency()).isEqualTo(Consistency.CONSISTENCY_AT_LEAST);
            assertThat(sent.get(1).getOptions().getAtLeastCommitTs()).isEqualTo(2);
            assertThat(sent.get(1).getPageToken()).isNotEmpty();
        }
    }

    @Test
    void aScanGivesValuesWithTheirVersions() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            client.put("ada", "a/1", Json.of(Map.of()));
            client.put("ada", "b/1", Json.NULL);

            assertThat(client.scan("ada", "a/"))
                    .extracting(Entry::key, Entry::require, Entry::version)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("a/1", Json.EMPTY_OBJECT, 1L));
        }
    }

    @Test
    void namespacesAreApartAndShareTheConnection() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            StatehouseClient other = client.inNamespace("other");
            client.put("ada", "task", Json.of(1));

            other.close();

            assertThat(other.get("ada", "task").exists()).isFalse();
            assertThat(client.get(new StateKey("default", "ada", "task"), Read.linearizable())
                            .exists())
                    .isTrue();
        }
    }

    @Test
    void theObserverHearsOfEveryTryAndEveryCall() {
        var tries = new CopyOnWriteArrayList<CallObserver.Try>();
        var calls = new CopyOnWriteArrayList<String>();
        var observer = new CallObserver() {
            @Override
            public void tryEnded(Try tried) {
                tries.add(tried);
            }

            @Override
            public void callEnded(String call, int count, Duration duration, Outcome outcome) {
                calls.add(call + " " + count + " " + outcome);
            }
        };
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect(o -> o.observer(observer))) {
            cluster.lead(cluster.node(1));

            client.put("ada", "task", Json.NULL);

            assertThat(calls).containsExactly("Commit 2 OK");
            assertThat(tries)
                    .extracting(t -> t.call() + " " + t.attempt() + " " + t.endpoint() + " " + t.outcome())
                    .containsExactly(
                            "Commit 1 " + cluster.node(0).address() + " UNAVAILABLE",
                            "Commit 2 " + cluster.node(1).address() + " OK");
        }
    }

    @Test
    void anObserverThatThrowsIsHeardOfAndDecidesNothing() {
        var heard = new CopyOnWriteArrayList<Throwable>();
        var handler = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> heard.add(failure));
        var observer = new CallObserver() {
            @Override
            public void tryEnded(Try tried) {
                throw new IllegalStateException("thrown on purpose by a test's observer");
            }
        };
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(o -> o.observer(observer))) {
            assertThat(client.put("ada", "task", Json.NULL).commitTs()).isEqualTo(1);
            assertThat(heard).singleElement().asString().contains("thrown on purpose");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(handler);
        }
    }

    @Test
    void theStatusOfOneNodeIsAskedOfThatNode() {
        try (var cluster = new FakeCluster(3);
                var client = cluster.connect()) {
            ClusterStatus status =
                    client.admin().clusterStatusOf(cluster.node(2).address());

            assertThat(status.nodeId()).isEqualTo(cluster.node(2).address());
            assertThat(status.role()).isEqualTo(MemberRole.LEADER);
            assertThat(status.members()).extracting(ClusterMember::lagEntries).containsExactly(3L, null);
        }
    }

    @Test
    void closingEndsWhatIsUnderWayAndLeavesNoThread() {
        Set<Thread> before = clientThreads();
        CompletableFuture<CommitResult> sent;
        CompletableFuture<Entry> waiting;
        StatehouseClient closed;
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            client.put("ada", "task", Json.NULL);
            cluster.node(0).deed = FakeNode.Deed.BE_SILENT;
            cluster.node(1).deed = FakeNode.Deed.BE_SILENT;
            sent = client.putAsync("ada", "task", Json.NULL);
            waiting = client.getAsync("ada", "task");
            await().until(() ->
                    cluster.node(0).calls.size() + cluster.node(1).calls.size() == 3);
            closed = client;
        }

        assertThat(sent)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(StatehouseException.OutcomeUnknown.class);
        assertThat(waiting)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(StatehouseException.Unavailable.class);
        assertThatThrownBy(() -> closed.get("ada", "task")).isInstanceOf(IllegalStateException.class);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(clientThreads()).isSubsetOf(before));
    }

    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("grpc-") || t.getName().startsWith("statehouse-"))
                .collect(Collectors.toSet());
    }
}
