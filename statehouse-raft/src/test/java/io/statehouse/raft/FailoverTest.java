package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.decide.Reply;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailoverTest {
    @TempDir
    Path directory;

    @Test
    void writesGoOnAfterTheLeaderIsKilledAndItComesBackEqual() {
        try (var cluster = LocalCluster.start(directory, 3)) {
            String first = cluster.awaitLeader();
            cluster.commit(Commands.put("t1", "task", "1"));

            cluster.kill(first);
            var reply = cluster.commit(Commands.put("t2", "task", "2"));
            cluster.start(first);

            assertThat(reply).isInstanceOf(Reply.Committed.class);
            cluster.awaitEqual();
            assertThat(LocalCluster.read(cluster.log(first), "task")).isEqualTo("2");
            assertThat(cluster.halts()).isEmpty();
        }
    }

    @Test
    void aClusterKilledAsAWholeComesBackWithEveryCommit() {
        try (var cluster = LocalCluster.start(directory, 3)) {
            for (int i = 0; i < 20; i++) {
                cluster.commit(Commands.put("t" + i, "key" + i, "" + i));
            }

            cluster.ids().forEach(cluster::kill);
            cluster.startAll();

            cluster.awaitLeader();
            for (int i = 0; i < 20; i++) {
                assertThat(LocalCluster.read(cluster.log("n1"), "key" + i)).isEqualTo("" + i);
            }
            cluster.awaitEqual();
            assertThat(cluster.commit(Commands.put("t3", "key3", "3")))
                    .isInstanceOfSatisfying(
                            Reply.Committed.class,
                            again -> assertThat(again.isReplayed()).isTrue());
            assertThat(cluster.halts()).isEmpty();
        }
    }

    @Test
    void aLeaderThatClosesHandsLeadershipOverFirst() {
        try (var cluster = LocalCluster.start(directory, 3)) {
            String leader = cluster.awaitLeader();
            cluster.commit(Commands.put("t1", "task", "1"));

            cluster.stop(leader);

            assertThat(cluster.ids())
                    .anySatisfy(
                            id -> assertThat(cluster.log(id).cluster().role()).isEqualTo(ClusterView.Role.LEADER));
            assertThat(cluster.commit(Commands.put("t2", "task", "2"))).isInstanceOf(Reply.Committed.class);
            assertThat(cluster.halts()).isEmpty();
        }
    }

    @Test
    void aReaderWhoWaitsForALeaderIsToldWhenTheMemberEnds() {
        try (var cluster = LocalCluster.start(directory, 3)) {
            cluster.awaitLeader();
            var last = cluster.log("n1");
            cluster.kill("n2");
            cluster.kill("n3");
            var waiting = last.awaitReadable();

            cluster.kill("n1");

            assertThat(waiting)
                    .failsWithin(LocalCluster.SOON)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(LogException.class);
        }
    }

    @Test
    void aMemberAloneIsACluster() {
        try (var cluster = LocalCluster.start(directory, 1)) {
            cluster.commit(Commands.put("t1", "task", "1"));

            assertThat(LocalCluster.read(cluster.log("n1"), "task")).isEqualTo("1");
            cluster.stop("n1");
            cluster.start("n1");
            cluster.awaitLeader();
            assertThat(LocalCluster.read(cluster.log("n1"), "task")).isEqualTo("1");
            assertThat(cluster.halts()).isEmpty();
        }
    }
}
