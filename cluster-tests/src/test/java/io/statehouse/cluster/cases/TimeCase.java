package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.Entry;
import io.statehouse.client.Json;
import io.statehouse.client.Read;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.Seed;
import io.statehouse.proto.v1.ReplayEvent;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The past is what the journal adds up to: on every node, and still when nothing but a snapshot is left of how it came about. */
class TimeCase {
    private static final int COMMITS = 3_000;
    private static final int POINTS = 10_000;
    private static final int PREFIXES = 20;
    private static final int IN_FLIGHT_MAX = 128;
    private static final int WRONG_SHOWN_MAX = 5;
    private static final Duration CALL_MAX = Duration.ofSeconds(30);
    private static final Json FILLER = Json.parse("{\"filler\":\"" + "x".repeat(2_000) + "\"}");

    private record Point(StateKey key, long commitTs) {}

    @Test
    void theStateAtACommitIsWhatTheReplayUpToItAddsUpTo() throws Exception {
        var seed = Seed.of("TimeCase");
        try (var cluster = ProcessCluster.start("time", LittleLog.SETTINGS)) {
            long last = RandomPast.write(cluster.awaitLeader(), COMMITS, seed.random(0));
            var journal = FoldedPast.replay(cluster.awaitLeader(), last);
            var past = FoldedPast.of(journal);
            var points = points(last, seed.random(1));
            assertThat(FoldedPast.expiries(journal)).as("deadlines that came").isPositive();
            assertThat(points)
                    .as("one whose deadline has come and its event has not")
                    .anyMatch(point -> past.isExpiredByRule(point.key(), point.commitTs()));

            prefixesAreReplays(cluster.awaitFollower(), journal, seed.random(2));
            everyNodeKnows(cluster, points, past, journal);

            cluster.killAll();
            cluster.startAll();
            cluster.awaitReady();
            var rebuilt = rebuildOneAfterAPurge(cluster);
            everyNodeKnows(cluster, points, past, journal);
            assertThat(Files.readString(rebuilt.log())).contains("snapshot installed");
        }
    }

    private static List<Point> points(long last, RandomGenerator random) {
        var keys = RandomPast.keys();
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < POINTS; i++) {
            points.add(new Point(keys.get(random.nextInt(keys.size())), random.nextLong(1, last + 1)));
        }
        return points;
    }

    /** That one replay may stand for all shorter ones. */
    private static void prefixesAreReplays(NodeProcess node, List<ReplayEvent> journal, RandomGenerator random) {
        for (int i = 0; i < PREFIXES; i++) {
            int end = random.nextInt(1, journal.size() + 1);
            assertThat(FoldedPast.replay(node, end)).isEqualTo(journal.subList(0, end));
        }
    }

    private static void everyNodeKnows(
            ProcessCluster cluster, List<Point> points, FoldedPast past, List<ReplayEvent> journal)
            throws InterruptedException {
        for (var node : cluster.nodes()) {
            assertThat(wrong(node, points, past, journal.size()))
                    .as("what " + node + " says of the past")
                    .isEmpty();
            assertThat(FoldedPast.replay(node, journal.size()).equals(journal))
                    .as("the journal of " + node + " is what it was")
                    .isTrue();
        }
    }

    private static List<String> wrong(NodeProcess node, List<Point> points, FoldedPast past, long last)
            throws InterruptedException {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        var underWay = new Semaphore(IN_FLIGHT_MAX);
        var options = ClientOptions.of(node.api()).callTimeout(CALL_MAX).tryTimeout(CALL_MAX);
        try (var client = StatehouseClient.connect(options, Runnable::run)) {
            for (Point point : points) {
                underWay.acquire();
                var how = Read.atLeast(last).asOf(point.commitTs());
                var unused = client.getAsync(point.key(), how).whenComplete((entry, failure) -> {
                    String expected = past.at(point.key(), point.commitTs());
                    String found = failure == null ? text(entry) : failure.toString();
                    if (!found.equals(expected)) {
                        wrong.add(point + " is " + found + "; the replay says " + expected);
                    }
                    underWay.release();
                });
            }
            underWay.acquire(IN_FLIGHT_MAX);
        }
        return wrong.stream().limit(WRONG_SHOWN_MAX).toList();
    }

    private static String text(Entry entry) {
        @Nullable Json value = entry.value();
        return FoldedPast.text(
                entry.version(),
                entry.commitTs(),
                entry.committedAt().toEpochMilli(),
                value == null ? null : value.text());
    }

    /** One node loses its disk while the log that made the past is purged; returns it when it is a member again. */
    private static NodeProcess rebuildOneAfterAPurge(ProcessCluster cluster) {
        var lost = cluster.awaitFollower();
        lost.kill();
        lost.wipe();
        try (var client = cluster.client()) {
            LittleLog.outgrow(cluster, () -> client.put("filler", "key", FILLER));
        }
        lost.startJoining();
        cluster.change(operator -> operator.replaceMember(lost.id()));
        cluster.awaitReady();
        cluster.awaitCaughtUp();
        return lost;
    }
}
