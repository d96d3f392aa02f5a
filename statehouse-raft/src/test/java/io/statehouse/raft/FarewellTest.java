package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FarewellTest {
    @TempDir
    Path directory;

    @Test
    void aRemovedMemberThatDiedBeforeItNotedItIsToldAfterTheNextStartAndServesNothingMeanwhile() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3)) {
            String removed = cluster.anyFollower();
            cluster.commit(Commands.put("t1", "task", "1"));
            byte[] identity = Files.readAllBytes(identityOf(removed));
            remove(cluster, removed);
            awaitToldTimes(cluster, removed, 1);
            cluster.kill(removed);
            Files.write(identityOf(removed), identity);

            cluster.start(removed);

            assertThat(cluster.log(removed).isMember()).isFalse();
            awaitToldTimes(cluster, removed, 2);
            cluster.kill(removed);
            assertThatThrownBy(() -> cluster.start(removed)).isInstanceOf(StartRefusedException.class);
        }
    }

    @Test
    void aMemberThatWasAwayWhenItWasRemovedIsToldWhenItComesBack() throws Exception {
        try (var cluster = LocalCluster.start(directory, 3)) {
            String removed = cluster.anyFollower();
            cluster.commit(Commands.put("t1", "task", "1"));
            cluster.kill(removed);
            remove(cluster, removed);

            cluster.start(removed);

            awaitToldTimes(cluster, removed, 1);
        }
    }

    @Test
    void aLeaderThatIsReplacedHandsOverFirstAndIsTold() throws Exception {
        try (var cluster = LocalCluster.start(directory, 4, LocalCluster::eager)) {
            String spare = cluster.anyFollower();
            remove(cluster, spare);
            awaitToldTimes(cluster, spare, 1);
            cluster.kill(spare);
            cluster.wipe(spare);
            cluster.startJoining(spare);
            String leader = cluster.awaitLeader();
            var replace = new MembershipChange.Replace(leader, cluster.member(spare));

            assertThatThrownBy(() -> cluster.log(leader).change(replace).join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(LogException.NotLeader.class);
            await().atMost(LocalCluster.SOON).ignoreExceptions().until(() -> {
                cluster.log(cluster.awaitLeader()).change(replace).join();
                return true;
            });

            awaitToldTimes(cluster, leader, 1);
            assertThat(cluster.halts()).hasSize(2);
            cluster.kill(leader);
            cluster.commit(Commands.put("t2", "task", "2"));
            assertThat(LocalCluster.read(cluster.log(spare), "task")).isEqualTo("2");
        }
    }

    private static void remove(LocalCluster cluster, String member) {
        await().atMost(LocalCluster.SOON).ignoreExceptions().until(() -> {
            cluster.log(cluster.awaitLeader())
                    .change(new MembershipChange.Remove(member))
                    .join();
            return true;
        });
    }

    private static void awaitToldTimes(LocalCluster cluster, String member, int times) {
        await().atMost(LocalCluster.SOON)
                .untilAsserted(() -> assertThat(cluster.halts())
                        .filteredOn(halt -> halt.startsWith(member + " REMOVED"))
                        .hasSize(times));
    }

    private Path identityOf(String member) throws IOException {
        Path file = directory.resolve(member).resolve("identity");
        assertThat(file).exists();
        return file;
    }
}
