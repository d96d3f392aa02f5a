package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Json;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.ProjectRoot;
import io.statehouse.cluster.SingleNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/operations.md shows what its commands print to whoever looks after a cluster, and to its directories when it is stopped. */
class OperationsCase {
    private static final int PUTS = 3;
    private static final int IDENTITY_REFUSED = 65;
    private static final int REMOVED = 69;

    /** Where its end hung and its guard ended it (docs/decisions/0024). */
    private static final int GUARDED = 137;

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration CLOCK_TICK = Duration.ofMillis(20);

    @TempDir
    private Path directory;

    private Runbook runbook;

    @BeforeEach
    void open() {
        runbook = Runbook.in(directory);
    }

    private void shows(String section, int number) throws Exception {
        var unused = runbook.shows(section, number);
    }

    @Test
    void membersComeAndGo() throws Exception {
        try (var cluster = ProcessCluster.start("OperationsCase")) {
            runbook = runbook.with("STATEHOUSE_ADDRESS", cluster.endpoints());
            try (var client = cluster.client()) {
                for (int put = 0; put < PUTS; put++) {
                    client.put("ada", "plan", Json.of(put));
                }
            }
            shows("Leadership", 1);
            cluster.awaitCaughtUp();
            var unused = runbook.patiently().shows("Members", 1);
            unused = runbook.patiently().shows("Check a cluster", 1);
            shows("Snapshot and log", 1);
            boundsAndRetention();
            losesItsDisk(cluster.node("n2"));
            cluster.awaitReady();
            leavesAndComesBack(cluster.node("n3"));
            cluster.awaitReady();
            isReplacedByAnother(cluster.node("n2"));
        }
    }

    private void boundsAndRetention() throws Exception {
        shows("Namespaces that take too much", 1);
        Await.until("what the namespace holds is counted", SOON, () -> quota().contains("Bytes: 0 of "));
        shows("Namespaces that take too much", 2);
        shows("Snapshot and log", 2);
    }

    private String quota() {
        try {
            return runbook.run("Namespaces that take too much", 2).output();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void losesItsDisk(NodeProcess node) throws Exception {
        node.kill();
        var unused = runbook.patiently().shows("Check a cluster", 2);
        node.wipe();
        // Even when told that it may found a cluster, as in a container that always is.
        node.start(true);
        assertThat(node.awaitExit(SOON)).isEqualTo(IDENTITY_REFUSED);
        node.startJoining();
        node.awaitListening();
        shows("A node that lost its disk", 1);
        shows("Leadership", 1);
        unused = runbook.patiently().shows("A node that lost its disk", 2);
    }

    private void leavesAndComesBack(NodeProcess node) throws Exception {
        runbook = runbook.with("RAFT", node.raftAddress()).with("API", node.api());
        shows("Members", 3);
        assertThat(node.awaitExit(SOON)).isIn(REMOVED, GUARDED);
        node.wipe();
        node.startJoining();
        node.awaitListening();
        shows("Members", 2);
    }

    private void isReplacedByAnother(NodeProcess node) throws Exception {
        node.kill();
        var other = node.newcomer("n4");
        try {
            other.startJoining();
            other.awaitListening();
            runbook = runbook.with("RAFT", other.raftAddress()).with("API", other.api());
            shows("A node that lost its disk", 3);
        } finally {
            if (other.isAlive()) {
                other.kill();
            }
        }
    }

    @Test
    void stateIsSavedAndBeginsNewClusters() throws Exception {
        runbook = runbook.with("BACKUP", "saved").with("NODE", "n1");
        String time = "";
        try (var node = SingleNode.in(directory.resolve("old"), Map.of()).found()) {
            try (var client = node.client()) {
                for (int put = 0; put < PUTS; put++) {
                    // Each has a time of its own.
                    Await.pause(CLOCK_TICK);
                    var done = client.put("ada", "plan", Json.of(put));
                    time = put == 0 ? done.committedAt().toString() : time;
                }
            }
            var calling = runbook.with("STATEHOUSE_ADDRESS", node.node().api());
            var unused = calling.shows("Backup", 1);
            unused = calling.shows("Backup", 2);
            node.node().terminate();
        }
        var old = runbook;
        runbook = old.with("DATA", "old/n1").with("BACKUP", "survived");
        shows("A cluster that lost its majority for good", 2);
        shows("A cluster that lost its majority for good", 1);
        shows("Derive the state anew from the events", 1);
        runbook = old.with("DATA", "new/n1");
        shows("Restore into a new cluster", 1);
        runbook = old.with("DATA", "point/n1").with("COMMIT_TS", 2);
        shows("Back to a point in time", 1);
        runbook = old.with("DATA", "time/n1").with("TIME", time);
        shows("Back to a point in time", 2);

        assertThat(directory.resolve("survived/SHA256SUMS")).exists();
        try (var node = SingleNode.in(directory.resolve("point"), Map.of()).found();
                var client = node.client()) {
            assertThat(client.get("ada", "plan").commitTs()).isEqualTo(2);
        }
    }

    @Test
    void certificatesForKubernetesAreMade() throws Exception {
        var certs = Files.createDirectory(directory.resolve("scripts")).resolve("certs");
        Files.copy(ProjectRoot.find().resolve("scripts/certs"), certs, StandardCopyOption.COPY_ATTRIBUTES);

        shows("Kubernetes", 1);

        assertThat(directory.resolve("certs/statehouse-2-key.pem")).exists();
    }
}
