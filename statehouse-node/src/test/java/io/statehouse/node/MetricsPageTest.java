package io.statehouse.node;

import static io.statehouse.node.contract.V1Client.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.statehouse.node.config.Setting;
import io.statehouse.node.contract.V1Client;
import io.statehouse.node.shipped.MetricNames;
import io.statehouse.proto.v1.NamespaceQuota;
import io.statehouse.proto.v1.QuotaServiceGrpc;
import io.statehouse.proto.v1.SetQuotaRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/metrics.md is true, held against three nodes that have worked; which of them leads may change at any time. */
class MetricsPageTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int COMMITS = 10;

    @TempDir
    private static Path directory;

    private static TestCluster cluster;
    private static TestNode asked;

    @BeforeAll
    static void work() {
        cluster = TestCluster.start(directory, Map.of(Setting.HTTP_ADDR, "127.0.0.1:0"));
        asked = cluster.nodes().getFirst();
        try (V1Client client = new V1Client(asked.address(), "bounded")) {
            for (int i = 0; i < COMMITS; i++) {
                String key = "k" + i;
                untilDone(() -> client.put("ada", key, number(1)) > 0);
            }
            untilDone(() -> bound(client));
            untilDone(() -> client.replay("ada").size() >= COMMITS);
        }
    }

    private static boolean bound(V1Client client) {
        var unused = QuotaServiceGrpc.newBlockingStub(client.stub().getChannel())
                .setQuota(SetQuotaRequest.newBuilder()
                        .setNamespace("bounded")
                        .setQuota(NamespaceQuota.newBuilder()
                                .setBytesMax(1_000_000)
                                .setAgentsMax(100)
                                .setOperationsPerSecondMax(1_000))
                        .setTxnId(UUID.randomUUID().toString())
                        .build());
        return true;
    }

    private static void untilDone(Callable<Boolean> act) {
        await().atMost(SOON).ignoreException(StatusRuntimeException.class).until(act);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static String scrape(TestNode node) {
        return HttpProbe.send(node.httpPort(), "GET", "/metrics").body();
    }

    private static double sum(String name) {
        return cluster.nodes().stream()
                .mapToDouble(node -> HttpProbe.metric(node.httpPort(), name))
                .sum();
    }

    @Test
    void everyNameOfThePageIsLiveAndEveryLiveNameIsOnThePage() {
        // There is no TLS here, so no certificate either.
        Map<String, String> expected = new TreeMap<>(MetricNames.documented());
        expected.remove("statehouse_certificate_end_timestamp_seconds");

        await().atMost(SOON).untilAsserted(() -> {
            Map<String, String> live = new TreeMap<>();
            cluster.nodes().forEach(node -> live.putAll(MetricNames.live(scrape(node))));
            assertThat(live).isEqualTo(expected);
        });
        assertThat(scrape(asked)).contains("\njvm_memory_used_bytes{", "\nprocess_cpu_usage ");
    }

    @Test
    void theStagesOfCommitsAreCountedWhereTheyLedAndApplyingOnEveryNode() {
        assertThat(sum("statehouse_batch_commands_count")).isGreaterThanOrEqualTo(COMMITS);
        assertThat(sum("statehouse_batch_commands_sum")).isGreaterThanOrEqualTo(COMMITS);
        assertThat(sum("statehouse_batch_size_bytes_sum")).isPositive();
        assertThat(sum("statehouse_commit_stage_seconds_count{stage=\"queue\"}"))
                .isGreaterThanOrEqualTo(COMMITS);
        assertThat(sum("statehouse_commit_stage_seconds_count{stage=\"replicate\"}"))
                .isGreaterThanOrEqualTo(COMMITS);
        assertThat(sum("statehouse_commit_stage_seconds_sum{stage=\"replicate\"}"))
                .isPositive();
        for (TestNode node : cluster.nodes()) {
            await().atMost(SOON)
                    .until(() ->
                            HttpProbe.metric(node.httpPort(), "statehouse_commit_stage_seconds_count{stage=\"apply\"}")
                                    >= COMMITS);
        }
    }

    @Test
    void theRaftLogIsForcedToTheDiskAndTheStoreGrows() {
        assertThat(sum("statehouse_raft_log_flushes_total")).isGreaterThanOrEqualTo(COMMITS);
        assertThat(sum("statehouse_raft_log_flush_recent_seconds{quantile=\"1\"}"))
                .isPositive();
        assertThat(sum("statehouse_raft_elections_total")).isPositive();
        assertThat(sum("statehouse_raft_log_entries")).isGreaterThanOrEqualTo(COMMITS);
        assertThat(sum("statehouse_rocksdb_rows_estimate")).isPositive();
        assertThat(sum("statehouse_rocksdb_memtable_bytes")).isPositive();
        assertThat(sum("statehouse_disk_free_bytes")).isPositive();
    }

    @Test
    void theClusterIsSeenFromEveryNode() {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(sum("statehouse_raft_role{role=\"LEADER\"}")).isEqualTo(1);
            assertThat(sum("statehouse_raft_role{role=\"FOLLOWER\"}")).isEqualTo(2);
            assertThat(sum("statehouse_raft_leader_known")).isEqualTo(3);
            for (TestNode node : cluster.nodes()) {
                String page = scrape(node);
                assertThat(page.contains("statehouse_raft_follower_lag_entries{member=\""))
                        .isEqualTo(page.contains("statehouse_raft_role{role=\"LEADER\"} 1"));
                assertThat(page).contains("statehouse_raft_voters 3");
            }
        });
    }

    @Test
    void everyNodeTellsWhatANamespaceTakesOfItsQuota() {
        for (TestNode node : cluster.nodes()) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(scrape(node))
                            .contains(
                                    "statehouse_namespace_quota_bytes{namespace=\"bounded\"} 1000000.0",
                                    "statehouse_namespace_quota_agents{namespace=\"bounded\"} 100.0",
                                    "statehouse_namespace_quota_operations_per_second{namespace=\"bounded\"} 1000.0",
                                    "statehouse_namespace_agents{namespace=\"bounded\"} 1.0"));
            assertThat(HttpProbe.metric(node.httpPort(), "statehouse_namespace_bytes{namespace=\"bounded\"}"))
                    .isPositive();
        }
    }

    @Test
    void streamsAreCountedWhileTheyAreOpen() {
        assertThat(HttpProbe.metric(asked.httpPort(), "statehouse_stream_messages_total{rpc=\"Replay\"}"))
                .isGreaterThanOrEqualTo(COMMITS);
        await().atMost(SOON)
                .until(() -> HttpProbe.metric(asked.httpPort(), "statehouse_streams_open{rpc=\"Replay\"}") == 0);
    }
}
