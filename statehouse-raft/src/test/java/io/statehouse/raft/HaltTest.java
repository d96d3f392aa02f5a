package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HaltTest {
    @TempDir
    Path directory;

    @Test
    void anEntryThatThisReleaseDoesNotKnowStopsTheMember() throws Exception {
        try (var cluster = LocalCluster.start(directory, 1)) {
            cluster.awaitLeader();
            var unknown = "of a later release".getBytes(StandardCharsets.UTF_8);

            var reply = cluster.log("n1").running().submit(1_000_000, unknown);

            await().atMost(LocalCluster.SOON)
                    .untilAsserted(() -> assertThat(cluster.halts())
                            .anyMatch(halt -> halt.startsWith("n1 STATE_UNTRUSTED cannot apply log index")));
            assertThat(reply.isDone()
                            && !reply.isCompletedExceptionally()
                            && reply.join().isSuccess())
                    .as("acknowledged")
                    .isFalse();
        }
    }

    @Test
    void aMajorityStopsAtTheSameEntryThatItDoesNotKnowAndNobodyPassesIt() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3)) {
            cluster.commit(Commands.put("before", "key", "1"));
            cluster.awaitEqual();
            var unknown = "of a later release".getBytes(StandardCharsets.UTF_8);

            var unused = cluster.log(cluster.awaitLeader()).running().submit(1_000_000, unknown);

            await().atMost(LocalCluster.SOON)
                    .untilAsserted(() -> assertThat(cluster.halts())
                            .filteredOn(halt -> halt.contains("STATE_UNTRUSTED"))
                            .hasSizeGreaterThanOrEqualTo(2));
            var stops = cluster.halts().stream()
                    .filter(halt -> halt.contains("STATE_UNTRUSTED"))
                    .map(halt -> Long.parseLong(halt.substring(halt.lastIndexOf(' ') + 1)))
                    .toList();
            assertThat(stops).as("where each one stopped").containsOnly(stops.getFirst());
            assertThat(cluster.ids())
                    .allMatch(
                            id -> cluster.log(id).running().replica().entries().reached() < stops.getFirst());
        }
    }

    @Test
    void aReplicaThatRatisClosesByItselfStopsTheMember() throws Exception {
        try (var cluster = LocalCluster.start(directory, 1)) {
            cluster.awaitLeader();

            cluster.log("n1").running().division().close();

            await().atMost(LocalCluster.SOON)
                    .untilAsserted(() -> assertThat(cluster.halts())
                            .anyMatch(halt -> halt.startsWith("n1 ZOMBIE Ratis has closed")));
        }
    }

    @Test
    void aLogThatCannotBeWrittenStopsTheMember() {
        try (var cluster = LocalCluster.start(directory, 1)) {
            cluster.awaitLeader();
            var machine = cluster.log("n1").running().division().getStateMachine();

            machine.event().notifyLogFailed(new IOException("no space"), null);

            assertThat(cluster.halts()).containsExactly("n1 STORAGE_FAILED the Raft log cannot be written");
        }
    }

    @Test
    void aReplicaIsNotFedAgainAfterAFailure() {
        var halts = new ArrayList<String>();
        var replica = new Replica((code, reason, cause) -> halts.add(code + " " + reason), Runnable::run);

        assertThatThrownBy(() -> replica.apply(
                        new LogPosition(1, 7),
                        StandardCharsets.UTF_8.encode("no entry").slice()))
                .isInstanceOf(RuntimeException.class);

        assertThat(halts).containsExactly("STATE_UNTRUSTED cannot apply log index 7");
        assertThat(replica.entries().reached()).isEqualTo(-1);
    }

    @Test
    void aMemberWithAnUnsafeSettingDoesNotStart() {
        assertThatThrownBy(() -> LocalCluster.start(
                        directory,
                        1,
                        options -> options,
                        properties -> RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, true)))
                .hasRootCauseInstanceOf(StartRefusedException.class)
                .hasMessageContaining("async-flush");
    }
}
