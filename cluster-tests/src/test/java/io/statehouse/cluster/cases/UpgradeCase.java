package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Json;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.statemachine.FeatureLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of an earlier feature level become nodes of this one, one after another, under a patient writer. */
class UpgradeCase {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void aRollingUpgradeFailsNoCallAndEndsWithTheHigherLevel() throws Exception {
        Path settings = Files.writeString(directory.resolve("statehouse.conf"), "feature.level.max=1\n");
        try (var cluster = ProcessCluster.start("UpgradeCase", Map.of("STATEHOUSE_CONFIG", settings.toString()))) {
            var runbook = Runbook.in(directory).with("STATEHOUSE_ADDRESS", cluster.endpoints());
            var early = runbook.run("Namespaces that take too much", 1);
            assertThat(early.output()).contains("feature level 2, and the cluster uses 1");
            Files.writeString(settings, "");
            var isOver = new AtomicBoolean();
            var puts = new AtomicLong();
            var writer = CompletableFuture.runAsync(() -> write(cluster, isOver, puts));

            for (NodeProcess node : cluster.nodes()) {
                assertThat(runbook.shows("Upgrade", 1).output()).contains("Feature level: 1 ");
                int unused = node.terminate();
                node.start(false);
                Await.until(node.id() + " is ready", SOON, node::isReady);
                long before = puts.get();
                Await.until("writes go on", SOON, () -> puts.get() > before);
            }

            Await.until("the level rises", SOON, () -> level(cluster) == FeatureLevel.LATEST);
            isOver.set(true);
            writer.join();
            assertThat(runbook.shows("Upgrade", 2).output()).contains("Feature level: " + FeatureLevel.LATEST + " ");
            var unused = runbook.shows("Namespaces that take too much", 1);
        }
    }

    private static void write(ProcessCluster cluster, AtomicBoolean isOver, AtomicLong puts) {
        try (StatehouseClient client = cluster.client()) {
            while (!isOver.get()) {
                client.put("ada", "count", Json.of(puts.incrementAndGet()));
            }
        }
    }

    private static int level(ProcessCluster cluster) {
        try (StatehouseClient client = cluster.client()) {
            return client.admin().clusterStatus().featureLevel();
        } catch (StatehouseException e) {
            return 0;
        }
    }
}
