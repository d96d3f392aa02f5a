package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Json;
import io.statehouse.client.Read;
import io.statehouse.client.StateKey;
import io.statehouse.cluster.CallHistory;
import io.statehouse.cluster.CallRecord.Outcome;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.ReplicaAudit;
import io.statehouse.cluster.Seed;
import io.statehouse.cluster.Workload;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The whole cluster goes down, by force and in good order, and comes back as it was. */
class RestartCase {
    private static final int POWER_CUTS = 3;
    private static final int PROCESSES = 6;
    private static final int ENTRIES = 50;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

    private final CallHistory history = new CallHistory();
    private ProcessCluster cluster;

    @BeforeEach
    void start(TestInfo test) {
        cluster = ProcessCluster.start(test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void allNodesKilledAtOnceKeepEveryAcknowledgedCommit() {
        try (var workload = Workload.start(cluster.endpoints(), PROCESSES, Seed.of("RestartCase"), history)) {
            for (int i = 0; i < POWER_CUTS; i++) {
                workload.awaitAcknowledgement(ANSWER_MAX);
                cluster.killAll();
                cluster.startAll();
                workload.awaitAcknowledgement(ANSWER_MAX);
            }
        }
        cluster.awaitReady();

        assertThat(ReplicaAudit.complaints(cluster, history)).isEmpty();
        assertThat(history.writes(Outcome.OK)).isPositive();
    }

    @Test
    void aGracefulStopOfAllNodesKeepsValuesVersionsAndNumbering() {
        try (var client = cluster.client()) {
            for (int i = 1; i <= ENTRIES; i++) {
                assertThat(client.put("ada", "key-" + i % 7, Json.parse("{\"i\":" + i + "}"))
                                .commitTs())
                        .isEqualTo(i);
            }
        }

        assertThat(cluster.nodes().stream().map(NodeProcess::terminate)).containsOnly(NodeProcess.STOPPED_BY_REQUEST);
        cluster.startAll();
        cluster.awaitReady();

        for (var node : cluster.nodes()) {
            try (var client = cluster.clientOf(node)) {
                var entry = client.get(StateKey.of("ada", "key-1"), Read.linearizable());
                assertThat(entry.require()).isEqualTo(Json.parse("{\"i\":50}"));
                assertThat(entry.version()).isEqualTo(8);
                assertThat(entry.commitTs()).isEqualTo(ENTRIES);
            }
        }
        try (var client = cluster.client()) {
            assertThat(client.put("ada", "key-1", Json.EMPTY_OBJECT).commitTs()).isEqualTo(ENTRIES + 1);
        }
    }

    @Test
    void aRollingRestartFailsNoCall() {
        try (var workload = Workload.start(cluster.endpoints(), PROCESSES, Seed.of("RestartCase"), history)) {
            for (var node : cluster.nodes()) {
                workload.awaitAcknowledgement(ANSWER_MAX);
                assertThat(node.terminate()).isEqualTo(NodeProcess.STOPPED_BY_REQUEST);
                workload.awaitAcknowledgement(ANSWER_MAX);
                node.start(false);
                cluster.awaitReady();
            }
        }

        assertThat(ReplicaAudit.complaints(cluster, history)).isEmpty();
        assertThat(patientProcesses(Outcome.UNKNOWN))
                .as("calls with an unknown outcome")
                .isEmpty();
    }

    // Every second process has a deadline shorter than an election on purpose.
    private List<?> patientProcesses(Outcome outcome) {
        return history.records().stream()
                .filter(call -> call.process() % 2 == 0 && call.outcome() == outcome)
                .toList();
    }
}
