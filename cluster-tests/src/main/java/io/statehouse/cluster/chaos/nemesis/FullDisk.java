package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import org.jspecify.annotations.Nullable;

/** Nothing is left on the disk of a node, which may end by itself; it is started again when there is room. */
public record FullDisk(Victim victim) implements Fault {
    @Override
    public String name() {
        return "disk of " + victim + " full";
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = victim.pick(scene);
        scene.excuse(node);
        var disk = scene.site().disk(scene.numberOf(node));
        disk.fillUpTo(0);
        return new Harm() {
            @Override
            public String target() {
                return node.id();
            }

            @Override
            public @Nullable String evidence() {
                long left = disk.directory().toFile().getUsableSpace();
                return left == 0 ? "no byte is left" : null;
            }

            @Override
            public void heal() {
                disk.freeSpace();
                if (!node.isAlive()) {
                    scene.revive(node);
                }
                scene.awaitReady(node);
            }
        };
    }
}
