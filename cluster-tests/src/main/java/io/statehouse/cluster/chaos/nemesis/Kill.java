package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import org.jspecify.annotations.Nullable;

/** Ends a process as a crash would, and starts it again. */
public record Kill(Victim victim) implements Fault {
    @Override
    public String name() {
        return "kill " + victim;
    }

    @Override
    public Harm inflict(Scene scene) {
        var leader = scene.cluster().awaitLeader();
        var node = victim.pick(scene);
        long term = scene.termOf(leader);
        scene.kill(node);
        return new Harm() {
            @Override
            public String target() {
                return node.id();
            }

            @Override
            public @Nullable String evidence() {
                return node == leader ? Evidence.newLeader(scene, node, term) : exit(node);
            }

            @Override
            public void heal() {
                scene.revive(node);
                scene.awaitReady(node);
            }
        };
    }

    static @Nullable String exit(NodeProcess node) {
        var status = node.exitStatus();
        return status == null ? null : node.id() + " ended with status " + status;
    }
}
