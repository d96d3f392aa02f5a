package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.Seed;
import io.statehouse.cluster.chaos.workload.RegisterLoad;
import io.statehouse.cluster.chaos.workload.SetLoad;
import io.statehouse.cluster.chaos.workload.Tally;
import io.statehouse.cluster.chaos.workload.Traffic;
import io.statehouse.cluster.chaos.workload.WatchLoad;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.HistoryReader;
import io.statehouse.cluster.check.history.HistoryWriter;
import io.statehouse.cluster.check.history.WatchStream;
import io.statehouse.cluster.check.workload.WatchChecker;
import io.statehouse.statemachine.CommitTs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leaders are killed while watchers go from node to node; what all of them saw is held against the journal. */
class WatchFailoverCase {
    private static final int KILLS = 2;
    private static final long COMMITS_BETWEEN = 40;
    private static final long DELIVERED_MIN = 300;
    private static final Duration RESUME_MAX = Duration.ofSeconds(60);

    private final Tally tally = new Tally();

    @Test
    void everyWatchHasEveryCommitOnceAndInOrder(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("watches" + HistoryReader.SUFFIX);
        long began = System.nanoTime();
        try (var history = HistoryWriter.create(file, () -> System.nanoTime() - began);
                var cluster = ProcessCluster.start("watch-failover")) {
            watchThroughKills(cluster, history);
        }
        History seen = HistoryReader.read(file);
        Verdict verdict = new WatchChecker().check(seen);

        System.out.println("MEASURED watches under " + KILLS + " leader kills: " + tally.commits() + " acknowledged, "
                + seen.watches().size() + " streams, " + verdict);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Legal.class,
                        legal -> assertThat(legal.examined())
                                .as("enough deliveries to prove anything")
                                .isGreaterThan(DELIVERED_MIN));
        assertThat(seen.watches().stream().map(WatchStream::opened).map(opened -> opened.node()))
                .as("the nodes that were watched at, and the client that knows all of them")
                .doesNotContain("nobody")
                .satisfies(nodes -> assertThat(nodes.stream().distinct()).hasSize(ProcessCluster.SIZE + 1));
    }

    private void watchThroughKills(ProcessCluster cluster, HistoryWriter history) {
        var nodes = cluster.nodes().stream().collect(Collectors.toMap(NodeProcess::api, NodeProcess::id));
        var setting = new Traffic.Setting(nodes, history, tally, Seed.of("WatchFailoverCase")::random, true);
        cluster.awaitLeader();
        var traffic = Traffic.start(List.of(new RegisterLoad(), new SetLoad(), new WatchLoad()), setting);
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                awaitMore();
                var victim = cluster.awaitLeader();
                victim.kill();
                awaitMore();
                victim.start(false);
                cluster.awaitReady();
            }
        } finally {
            traffic.stop();
        }
        cluster.awaitCaughtUp();
        var last = new CommitTs(Objects.requireNonNull(cluster.status(cluster.awaitLeader()), "the leader is silent")
                .appliedCommitTs());
        try (var reader = setting.outsider()) {
            reader.replay("any", last);
        }
        traffic.finish(last);
    }

    private void awaitMore() {
        long before = tally.commits();
        Await.until("commits are acknowledged", RESUME_MAX, () -> tally.commits() >= before + COMMITS_BETWEEN);
    }
}
