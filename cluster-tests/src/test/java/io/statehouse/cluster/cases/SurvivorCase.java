package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Json;
import io.statehouse.cluster.Ground;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of three disks are lost: what operators do with the third, as docs/operations.md says it. */
class SurvivorCase {
    private static final int PUTS = 100;

    @TempDir
    Path directory;

    @Test
    void aNewClusterBeginsWithAllThatTheSurvivorHolds() throws Exception {
        Path backup = directory.resolve("saved");
        try (var cluster = ProcessCluster.start("SurvivorCase")) {
            try (var client = cluster.client()) {
                for (int put = 0; put < PUTS; put++) {
                    client.put("ada", "key" + put, Json.of(put));
                }
            }
            NodeProcess survivor = cluster.awaitLeader();
            cluster.nodes().forEach(NodeProcess::kill);
            cluster.nodes().stream().filter(node -> !node.equals(survivor)).forEach(NodeProcess::wipe);
            save(survivor, backup);
        }
        Path restored = directory.resolve("restored");
        for (String id : List.of("n1", "n2", "n3")) {
            var made = Runbook.in(directory)
                    .with("BACKUP", backup)
                    .with("DATA", restored.resolve(id))
                    .with("NODE", id)
                    .run("Restore into a new cluster", 1);
            assertThat(made.status()).as(made.output()).isZero();
        }

        try (var cluster = ProcessCluster.start(restored, Map.of(), Ground.PLAIN);
                var client = cluster.client()) {
            for (int put = 0; put < PUTS; put++) {
                assertThat(client.get("ada", "key" + put)).as("key " + put).isNotNull();
            }
            assertThat(client.put("ada", "new", Json.of(1)).commitTs()).isEqualTo(PUTS + 1L);
        }
    }

    private void save(NodeProcess survivor, Path backup) throws Exception {
        var runbook =
                Runbook.in(directory).with("DATA", survivor.dataDirectory()).with("BACKUP", backup);
        var proven = runbook.run("A cluster that lost its majority for good", 2);
        assertThat(proven.status()).as(proven.output()).isZero();
        assertThat(proven.output()).contains("is whole and ends at term");
        var saved = runbook.run("A cluster that lost its majority for good", 1);
        assertThat(saved.status()).as(saved.output()).isZero();
        assertThat(saved.output()).contains("up to commit_ts " + PUTS, "its log ends at term");
    }
}
