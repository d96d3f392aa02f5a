package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotInstallTest {
    private static final int PUT_COUNT = 200;
    private static final long CALLS_MAX = 100;

    @TempDir
    Path directory;

    @Test
    void aFollowerAwayForLongerThanTheLogReachesIsRebuiltUnderLoad() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3, LocalCluster::eager)) {
            String leader = cluster.awaitLeader();
            String away = cluster.anyFollower();
            cluster.commit(Commands.put("first", "first", "1"));
            cluster.log(away).awaitReadable().join();
            assertThat(callsWhileKilling(cluster, leader, away)).isLessThan(CALLS_MAX);
            putUntilPurged(cluster, leader);

            var isDone = new AtomicBoolean();
            var writer = CompletableFuture.runAsync(() -> putWhile(cluster, isDone));
            cluster.start(away);
            await().atMost(LocalCluster.SOON).until(() -> hasSwitched(away));
            await().atMost(LocalCluster.SOON)
                    .until(() -> "1".equals(LocalCluster.read(cluster.log(away), "key" + (PUT_COUNT - 1))));
            isDone.set(true);
            writer.join();

            cluster.awaitEqual();
            assertThat(cluster.halts()).isEmpty();
            assertThat(names(away)).hasSize(2).contains("CURRENT").noneMatch(name -> name.startsWith("staging"));
            assertThat(names(leader)).noneMatch(name -> name.startsWith("checkpoint"));
            restartAndCompare(cluster, away);
        }
    }

    @Test
    void nothingIsPurgedWhileASnapshotWaitsToBeOpened() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3, LocalCluster::eager)) {
            String leader = cluster.awaitLeader();
            String waiting = cluster.anyFollower();
            cluster.commit(Commands.put("first", "first", "1"));
            cluster.log(waiting).awaitReadable().join();
            var follower = cluster.log(waiting).running();
            follower.replica().expectReload();
            long start = follower.division().getRaftLog().getStartIndex();
            putUntilPurged(cluster, leader);

            assertThat(follower.division().getRaftLog().getStartIndex()).isEqualTo(start);

            follower.replica().expectNoReload();
            await().atMost(LocalCluster.SOON).until(() -> {
                cluster.commit(Commands.put("wake", "wake", "2"));
                return follower.division().getRaftLog().getStartIndex() > start;
            });
        }
    }

    /** How often the leader tries a member that goes down. */
    private static long callsWhileKilling(LocalCluster cluster, String leader, String follower) {
        var appender = Objects.requireNonNull(
                cluster.log(leader).running().registry().appenders().get(RaftPeerId.valueOf(follower)));
        long before = appender.getCallId();
        cluster.kill(follower);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        return appender.getCallId() - before;
    }

    /** The installed state survives a kill right after it. */
    private static void restartAndCompare(LocalCluster cluster, String id) {
        cluster.kill(id);
        cluster.start(id);
        cluster.commit(Commands.put("last", "last", "1"));
        cluster.awaitEqual();
        assertThat(cluster.halts()).isEmpty();
    }

    private static void putUntilPurged(LocalCluster cluster, String leader) {
        long reached = cluster.log(leader).running().replica().entries().reached();
        for (int i = 0; i < PUT_COUNT; i++) {
            cluster.commit(Commands.put("t" + i, "key" + i, "1"));
        }
        await().atMost(LocalCluster.SOON).until(() -> {
            cluster.commit(Commands.put("wake", "wake", "1"));
            return cluster.log(leader).running().division().getRaftLog().getStartIndex() > reached + 1;
        });
    }

    private static void putWhile(LocalCluster cluster, AtomicBoolean isDone) {
        for (int i = 0; !isDone.get(); i++) {
            cluster.commit(Commands.put("load" + i, "load" + i % 10, "" + i));
        }
    }

    private boolean hasSwitched(String id) throws Exception {
        return !Files.readString(directory.resolve(id).resolve("state").resolve("CURRENT"))
                .strip()
                .equals("db-1");
    }

    private List<String> names(String id) throws Exception {
        try (var files = Files.list(directory.resolve(id).resolve("state"))) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
