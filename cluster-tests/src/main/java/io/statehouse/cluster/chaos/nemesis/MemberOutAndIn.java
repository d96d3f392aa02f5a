package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.client.NewMember;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A follower is taken out of the cluster, and let in again as a new peer.
 *
 * @param isLeaderKilled whether the leader dies somewhere in the middle of both changes
 */
public record MemberOutAndIn(boolean isLeaderKilled) implements Fault {
    private static final Duration KILL_AFTER_MAX = Duration.ofMillis(1_500);
    private static final Duration END_MAX = Duration.ofSeconds(30);

    @Override
    public String name() {
        return isLeaderKilled ? "member out and in, leader killed" : "member out and in";
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = Victim.FOLLOWER.pick(scene);
        scene.excuse(node);
        withLeaderKilled(scene, () -> scene.change(operator -> operator.removeMember(node.id())));
        return new Harm() {
            @Override
            public String target() {
                return node.id();
            }

            @Override
            public @Nullable String evidence() {
                var leader = scene.cluster().leader();
                var status = leader == null || leader == node ? null : scene.status(leader);
                if (status == null) {
                    return null;
                }
                boolean isOut = status.members().stream()
                        .noneMatch(member -> member.nodeId().equals(node.id()));
                return isOut ? "the leader counts " + status.members().size() + " members" : null;
            }

            @Override
            public void heal() {
                awaitEnd(scene, node);
                node.wipe();
                node.startJoining();
                var again = new NewMember(node.id(), node.raftAddress(), node.api());
                withLeaderKilled(scene, () -> scene.change(operator -> operator.addMember(again)));
                scene.forgive(node);
                scene.awaitReady(node);
            }
        };
    }

    /** A member that was removed stops by itself, unless it never hears of it. */
    private static void awaitEnd(Scene scene, NodeProcess node) {
        try {
            Await.until(node + " has ended", END_MAX, () -> !node.isAlive());
        } catch (AssertionError e) {
            scene.kill(node);
        }
    }

    private void withLeaderKilled(Scene scene, Runnable change) {
        if (!isLeaderKilled) {
            change.run();
            return;
        }
        var leader = scene.cluster().awaitLeader();
        Duration after = scene.between(Duration.ZERO, KILL_AFTER_MAX);
        Thread killer = Thread.ofPlatform().name("killer").daemon().start(() -> {
            Await.pause(after);
            scene.kill(leader);
            scene.revive(leader);
        });
        change.run();
        try {
            killer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the leader was killed", e);
        }
        scene.awaitReady(leader);
    }
}
