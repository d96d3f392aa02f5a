package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.StateKey;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.CallHistory;
import io.statehouse.cluster.Distribution;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.ReplicaAudit;
import io.statehouse.cluster.Seed;
import io.statehouse.cluster.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** A follower that missed more than the log still holds is rebuilt from a snapshot, while the others go on working. */
class RebuildCase {
    private static final int IDENTITY_REFUSED = 65;
    private static final int PROCESSES = 4;
    private static final String FILLER = "{\"filler\":\"" + "x".repeat(2_000) + "\"}";
    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
    private static final Duration EXIT_MAX = Duration.ofSeconds(90);

    private final CallHistory history = new CallHistory();
    private ProcessCluster cluster;

    @BeforeEach
    void start(TestInfo test) {
        cluster = ProcessCluster.start(test.getTestMethod().orElseThrow().getName(), LittleLog.SETTINGS);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aFollowerThatMissedThePurgedLogIsRebuiltUnderLoad() throws IOException {
        var follower = cluster.awaitFollower();
        try (var workload = Workload.start(cluster.endpoints(), PROCESSES, Seed.of("RebuildCase"), history);
                var client = cluster.client()) {
            workload.awaitAcknowledgement(ANSWER_MAX);
            follower.kill();
            LittleLog.outgrow(cluster, () -> workload.put(client, StateKey.of("filler", "key"), FILLER));

            follower.start(false);
            cluster.awaitReady();
            cluster.awaitCaughtUp();
            workload.awaitAcknowledgement(ANSWER_MAX);
        }

        assertThat(Files.readString(follower.log())).contains("snapshot installed");
        assertThat(ReplicaAudit.complaints(cluster, history)).isEmpty();
    }

    @Test
    void aWipedFollowerIsReplacedUnderLoadAfterTheLogWasPurged() throws Exception {
        var lost = cluster.awaitFollower();
        try (var workload = Workload.start(cluster.endpoints(), PROCESSES, Seed.of("RebuildCase"), history);
                var client = cluster.client()) {
            workload.awaitAcknowledgement(ANSWER_MAX);
            lost.kill();
            lost.wipe();
            LittleLog.outgrow(cluster, () -> workload.put(client, StateKey.of("filler", "key"), FILLER));

            lost.startJoining();
            // Until it listens, nobody answers there, and the call says so at once.
            Await.until(
                    "the newcomer is let in", ANSWER_MAX, () -> statehousectl("cluster", "replace", lost.id()) == 0);
            cluster.awaitReady();
            cluster.awaitCaughtUp();
            workload.awaitAcknowledgement(ANSWER_MAX);
            // Without one of the others, nothing is acknowledged unless the new peer votes and keeps what it is sent.
            cluster.awaitLeader().kill();
            workload.awaitAcknowledgement(ANSWER_MAX);
            cluster.startAll();
            cluster.awaitReady();
            cluster.awaitCaughtUp();
        }

        assertThat(Files.readString(lost.log())).contains("snapshot installed");
        assertThat(ReplicaAudit.complaints(cluster, history)).isEmpty();
    }

    private int statehousectl(String... arguments) {
        var all = new ArrayList<>(List.of("--address", cluster.endpoints()));
        all.addAll(List.of(arguments));
        try {
            return Distribution.assemble()
                    .command("statehousectl", all.toArray(String[]::new))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a command ran", e);
        }
    }

    @Test
    void aWipedNodeIsRefusedUnderItsOldNameAndDisturbsNobody() {
        var follower = cluster.awaitFollower();
        try (var workload = Workload.start(cluster.endpoints(), PROCESSES, Seed.of("RebuildCase"), history)) {
            workload.awaitAcknowledgement(ANSWER_MAX);
            follower.kill();
            follower.wipe();

            follower.start(false);
            assertThat(follower.awaitExit(EXIT_MAX)).isEqualTo(IDENTITY_REFUSED);
            follower.start(true);
            assertThat(follower.awaitExit(EXIT_MAX))
                    .as("even when told that it may make a new cluster")
                    .isEqualTo(IDENTITY_REFUSED);
            workload.awaitAcknowledgement(ANSWER_MAX);
        }
    }
}
