package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.decide.Reply;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of two releases: one pinned to an earlier level stops at what that release does not know. */
class FeatureLevelTest {
    private static final RevokeToken NEW_COMMAND = new RevokeToken(new TxnId("new"), "ada", "ab".repeat(32));

    @TempDir
    Path directory;

    private final Set<String> old = ConcurrentHashMap.newKeySet();

    private RaftOptions released(RaftOptions options) {
        return old.contains(options.self().id()) ? options.withFeatureLevelMax(FeatureLevel.FIRST) : options;
    }

    @Test
    void aRollingUpgradeUsesNothingNewBeforeTheLastMemberRunsIt() throws Exception {
        old.addAll(Set.of("n1", "n2", "n3"));
        try (var cluster = LocalCluster.start(directory, 3, this::released)) {
            for (String id : cluster.ids()) {
                cluster.commit(Commands.put("before-" + id, "task", "1"));
                refusesWhatIsNew(cluster);
                cluster.stop(id);
                old.remove(id);
                cluster.start(id);
                cluster.commit(Commands.put("after-" + id, "task", "2"));
            }

            await().atMost(LocalCluster.SOON)
                    .until(() -> levelOf(cluster, cluster.awaitLeader()) == FeatureLevel.LATEST);
            assertThat(cluster.commit(NEW_COMMAND)).isEqualTo(new Reply.TokensChanged());
            cluster.awaitEqual();
            assertThat(cluster.halts()).isEmpty();
        }
    }

    private static void refusesWhatIsNew(LocalCluster cluster) {
        awaitRefusal(cluster, LogException.TooNew.class);
        assertThat(levelOf(cluster, cluster.awaitLeader())).isEqualTo(FeatureLevel.FIRST);
    }

    /** A leader asks the others now and then, so it may take a moment until it knows which it is. */
    private static void awaitRefusal(LocalCluster cluster, Class<? extends LogException> kind) {
        await().atMost(LocalCluster.SOON)
                .untilAsserted(() -> assertThatThrownBy(() -> cluster.log(cluster.awaitLeader())
                                .propose(NEW_COMMAND)
                                .join())
                        .cause()
                        .isInstanceOf(kind)
                        .hasMessageContaining("this needs feature level")
                        .hasMessageContaining("the cluster uses 1"));
    }

    @Test
    void whatAMemberDoesNotKnowIsRefusedForGoodAndWhatNobodyHasSaidNotToKnowForNow() throws Exception {
        old.add("n3");
        try (var cluster = LocalCluster.start(directory, 3, this::released)) {
            awaitRefusal(cluster, LogException.TooNew.class);

            cluster.kill("n3");
            awaitRefusal(cluster, LogException.Unavailable.class);

            old.remove("n3");
            cluster.start("n3");
            await().atMost(LocalCluster.SOON)
                    .until(() -> levelOf(cluster, cluster.awaitLeader()) == FeatureLevel.LATEST);
            assertThat(cluster.commit(NEW_COMMAND)).isEqualTo(new Reply.TokensChanged());
        }
    }

    @Test
    void aMemberOfAnEarlierReleaseHaltsAtWhatItDoesNotKnowAndNeverPassesOverIt() throws Exception {
        old.add("n1");
        try (var cluster = LocalCluster.start(directory, 1, this::released)) {
            cluster.awaitLeader();

            // Past the question whether all members know it.
            var unused = cluster.log("n1").propose(new RaiseFeatureLevel(FeatureLevel.LATEST));

            await().atMost(LocalCluster.SOON)
                    .untilAsserted(() -> assertThat(cluster.halts())
                            .first()
                            .asString()
                            .startsWith("n1 " + ExitCode.STATE_UNTRUSTED));
        }
    }

    @Test
    void aNodeOfAnEarlierReleaseIsNotLetInToWhatItCouldNotFollow() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3, this::released)) {
            await().atMost(LocalCluster.SOON)
                    .until(() -> levelOf(cluster, cluster.awaitLeader()) == FeatureLevel.LATEST);
            String lost = cluster.anyFollower();
            cluster.kill(lost);
            cluster.wipe(lost);
            old.add(lost);
            cluster.startJoining(lost);

            String leader = cluster.awaitLeader();
            assertThatThrownBy(() -> cluster.log(leader)
                            .change(new MembershipChange.Replace(lost, cluster.member(lost)))
                            .join())
                    .cause()
                    .isInstanceOfSatisfying(
                            LogException.ChangeRefused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(LogException.Reason.OLD_VERSION));
        }
    }

    private static int levelOf(LocalCluster cluster, String id) {
        return cluster.log(id).query(StateMachine::featureLevel);
    }
}
