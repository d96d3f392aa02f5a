package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipTest {
    private static final int PUT_COUNT = 200;
    private static final int CALLS_SEEN = 3;
    // Together more than is copied in a moment.
    private static final int LARGE_VALUES = 60;
    private static final String LARGE_VALUE = "\"" + "0123456789abcdef".repeat(32_768) + "\"";

    @TempDir
    Path directory;

    @Test
    void aWipedFollowerIsReplacedUnderLoadAfterTheLogWasPurgedAndThenVotes() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3, LocalCluster::eager)) {
            String leader = cluster.awaitLeader();
            String lost = cluster.anyFollower();
            cluster.commit(Commands.put("first", "first", "1"));
            cluster.kill(lost);
            cluster.wipe(lost);
            putUntilPurged(cluster, leader);

            var isDone = new AtomicBoolean();
            var writer = CompletableFuture.runAsync(() -> putWhile(cluster, isDone));
            cluster.startJoining(lost);
            replace(cluster, lost);
            isDone.set(true);
            writer.join();

            cluster.awaitEqual();
            assertThat(Files.readString(directory.resolve(lost).resolve("state").resolve("CURRENT")))
                    .doesNotContain("db-1\n");
            assertThat(cluster.log(leader).cluster().voters())
                    .containsExactlyInAnyOrder(cluster.member("n1"), cluster.member("n2"), cluster.member("n3"));
            assertThat(cluster.halts()).isEmpty();
            electsWithoutTheOldLeader(cluster, lost);
        }
    }

    /** One of the founders goes away for good, so nothing can be elected or committed without the new peer. */
    private static void electsWithoutTheOldLeader(LocalCluster cluster, String newcomer) {
        cluster.kill(cluster.awaitLeader());
        cluster.commit(Commands.put("after", "after", "1"));

        assertThat(LocalCluster.read(cluster.log(newcomer), "after")).isEqualTo("1");
        cluster.kill(newcomer);
        cluster.start(newcomer);
        cluster.commit(Commands.put("again", "again", "1"));
        assertThat(cluster.halts()).isEmpty();
    }

    @Test
    void aNodeThatWasNotLetInChangesNothing() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3)) {
            String lost = cluster.anyFollower();
            cluster.kill(lost);
            cluster.wipe(lost);
            cluster.startJoining(lost);

            cluster.commit(Commands.put("t1", "task", "1"));
            awaitCallsTo(cluster, lost);

            assertThat(cluster.log(lost).cluster().leader()).isNull();
            String seen = cluster.log(lost).query(state -> LocalCluster.valueOf(state, "task"));
            assertThat(seen).isEmpty();
            assertThat(cluster.log(lost).isMember()).isFalse();
            assertThat(cluster.halts()).isEmpty();
        }
    }

    /** The leader goes on sending to the old peer, whose address the new one has. */
    private static void awaitCallsTo(LocalCluster cluster, String lost) {
        var appender = Objects.requireNonNull(cluster.log(cluster.awaitLeader())
                .running()
                .registry()
                .appenders()
                .get(RaftPeerId.valueOf(lost)));
        long before = appender.getCallId();
        await().atMost(LocalCluster.SOON).until(() -> appender.getCallId() > before + CALLS_SEEN);
    }

    @Test
    void aChangeThatWouldLeaveNoMajorityIsRefusedAndNamesTheReason() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3)) {
            String leader = cluster.awaitLeader();
            String healthy = cluster.anyFollower();
            String lost = cluster.ids().stream()
                    .filter(id -> !id.equals(leader) && !id.equals(healthy))
                    .findFirst()
                    .orElseThrow();
            cluster.kill(lost);
            await().atMost(LocalCluster.SOON)
                    .untilAsserted(() -> assertThatThrownBy(() -> cluster.log(leader)
                                    .change(new MembershipChange.Remove(healthy))
                                    .join())
                            .isInstanceOf(CompletionException.class)
                            .cause()
                            .isInstanceOf(LogException.ChangeRefused.class)
                            .hasMessageContaining("1 of the 2 voters after the change do not answer"));

            cluster.commit(Commands.put("t1", "task", "1"));
        }
    }

    @Test
    void aStrangerAtTheAddressIsRefused() throws Exception {
        try (var cluster = LocalCluster.start(directory.resolve("a"), 3);
                var other = LocalCluster.start(directory.resolve("b"), 1)) {
            String leader = cluster.awaitLeader();
            String lost = cluster.anyFollower();
            cluster.kill(lost);
            var stranger = new Member("n1", other.member("n1").raftAddress(), "127.0.0.1:1");

            assertRefused(cluster, leader, new MembershipChange.Replace(lost, stranger), "belongs to cluster");
            assertRefused(
                    cluster,
                    leader,
                    new MembershipChange.Replace(lost, new Member(lost, stranger.raftAddress(), "127.0.0.1:1")),
                    lost.equals("n1") ? "belongs to cluster" : "is 'n1', not '" + lost + "'");
            assertRefused(
                    cluster,
                    leader,
                    new MembershipChange.Add(new Member("n9", "127.0.0.1:9", "127.0.0.1:1")),
                    "nobody answers at 127.0.0.1:9");
        }
    }

    @Test
    void aLeaderThatIsRemovedHandsOverFirstAndIsToldAndStaysAway() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3)) {
            String leader = cluster.awaitLeader();
            cluster.commit(Commands.put("t1", "task", "1"));

            assertThatThrownBy(() -> cluster.log(leader)
                            .change(new MembershipChange.Remove(leader))
                            .join())
                    .cause()
                    .isInstanceOf(LogException.NotLeader.class);
            String next = cluster.awaitLeader();
            assertThat(next).isNotEqualTo(leader);
            cluster.log(next).change(new MembershipChange.Remove(leader)).join();

            await().atMost(LocalCluster.SOON)
                    .untilAsserted(() -> assertThat(cluster.halts())
                            .singleElement()
                            .asString()
                            .startsWith(leader + " REMOVED"));
            cluster.kill(leader);
            assertThatThrownBy(() -> cluster.start(leader))
                    .isInstanceOfSatisfying(
                            StartRefusedException.class,
                            refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.REMOVED));
            cluster.commit(Commands.put("t2", "task", "2"));
        }
    }

    @Test
    void aSecondChangeIsRefusedAndTheSameOneIsWaitedFor() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3)) {
            String leader = cluster.awaitLeader();
            for (int i = 0; i < LARGE_VALUES; i++) {
                cluster.commit(Commands.put("large" + i, "key" + i, LARGE_VALUE));
            }
            String lost = cluster.anyFollower();
            cluster.kill(lost);
            cluster.wipe(lost);
            cluster.startJoining(lost);
            var replace = new MembershipChange.Replace(lost, cluster.member(lost));

            var first = cluster.log(leader).change(replace);
            await().atMost(LocalCluster.SOON)
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> first.isDone()
                            || !cluster.log(leader).cluster().newcomers().isEmpty());
            assertThat(first).as("the copy takes longer than the look").isNotDone();
            assertRefused(
                    cluster, leader, new MembershipChange.Remove(lost), "another change of the members is under way");
            var again = cluster.log(leader).change(replace);

            first.join();
            again.join();
            assertThat(cluster.log(leader).cluster().newcomers()).isEmpty();
        }
    }

    private static void assertRefused(LocalCluster cluster, String leader, MembershipChange change, String reason) {
        assertThatThrownBy(() -> cluster.log(leader).change(change).join())
                .cause()
                .isInstanceOf(LogException.ChangeRefused.class)
                .hasMessageContaining(reason);
    }

    /** Asked for until it is done, as the operator's tool does. */
    private static void replace(LocalCluster cluster, String lost) {
        var change = new MembershipChange.Replace(lost, cluster.member(lost));
        await().atMost(LocalCluster.SOON).ignoreExceptions().until(() -> {
            cluster.log(cluster.awaitLeader()).change(change).join();
            return true;
        });
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
}
