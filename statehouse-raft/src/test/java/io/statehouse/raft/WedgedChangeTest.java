package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exception half way through a change blocks every later one in Ratis; nothing that may be asked for here gets that far. */
class WedgedChangeTest {
    private static final int CALL_ID = 1_000_000;

    @TempDir
    Path directory;

    /** The control: what a change can do to a leader that looks at nothing before it asks Ratis. */
    @Test
    void aPeerNamedTwiceBlocksALeaderOfRatisUntilSomebodyElseLeads() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3)) {
            String leader = cluster.awaitLeader();
            String leaving = cluster.anyFollower();
            var division = cluster.log(leader).running().division();

            assertThat(askRatisForAVoterThatIsAListenerToo(division)).failsWithin(LocalCluster.SOON);

            for (int i = 0; i < 2; i++) {
                assertThat(remove(cluster, leader, leaving))
                        .as("a sound change is refused from now on")
                        .failsWithin(LocalCluster.SOON);
            }
            String next = cluster.ids().stream()
                    .filter(id -> !id.equals(leader) && !id.equals(leaving))
                    .findFirst()
                    .orElseThrow();
            cluster.log(leader).transferLeadership(next).join();
            // A new leader is ready only when it has applied what the old one left.
            await().atMost(LocalCluster.SOON)
                    .ignoreExceptions()
                    .until(() -> remove(cluster, next, leaving).join() == null);
        }
    }

    @Test
    void noChangeThatIsRefusedHereBlocksTheNext() throws Exception {
        try (var cluster = LocalCluster.start(directory.resolve("a"), 3);
                var other = LocalCluster.start(directory.resolve("b"), 1)) {
            String leader = cluster.awaitLeader();
            String leaving = cluster.anyFollower();
            var leads = cluster.member(leader);
            var leaves = cluster.member(leaving);
            var stranger = other.member("n1").raftAddress();
            var nowhere = "127.0.0.1:9";
            List<MembershipChange> unsound = List.of(
                    new MembershipChange.Add(new Member("n4", stranger, nowhere)),
                    new MembershipChange.Add(new Member("n1", stranger, nowhere)),
                    new MembershipChange.Add(new Member("n4", nowhere, nowhere)),
                    new MembershipChange.Add(new Member("n4", leads.raftAddress(), nowhere)),
                    new MembershipChange.Replace("n9", new Member("n4", nowhere, nowhere)),
                    new MembershipChange.Replace(leader, new Member(leader, leaves.raftAddress(), nowhere)),
                    new MembershipChange.Replace(leaving, new Member("n4", stranger, nowhere)));

            for (MembershipChange change : unsound) {
                assertThatThrownBy(() -> cluster.log(leader).change(change).join())
                        .as(change.toString())
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(LogException.class);
            }

            assertThat(cluster.awaitLeader()).as("nobody handed over for it").isEqualTo(leader);
            assertThat(remove(cluster, leader, leaving)).succeedsWithin(LocalCluster.SOON);
            assertThat(cluster.log(leader).cluster().voters()).hasSize(2);
        }
    }

    private static CompletableFuture<?> remove(LocalCluster cluster, String leader, String leaving) {
        return cluster.log(leader).change(new MembershipChange.Remove(leaving));
    }

    private static CompletableFuture<RaftClientReply> askRatisForAVoterThatIsAListenerToo(RaftServer.Division division)
            throws IOException {
        List<RaftPeer> voters = new ArrayList<>(division.getRaftConf().getCurrentPeers());
        var arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.SET_UNCONDITIONALLY)
                .setServersInNewConf(voters)
                .setListenersInNewConf(voters.subList(0, 1))
                .build();
        return division.getRaftServer()
                .setConfigurationAsync(new SetConfigurationRequest(
                        ClientId.randomId(),
                        division.getId(),
                        division.getGroup().getGroupId(),
                        CALL_ID,
                        arguments));
    }
}
