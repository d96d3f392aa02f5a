package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.LoopDisk;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nothing is left on the disk of a node, or of all at once. A node may end by itself, and is started again when there is room.
 *
 * @param victim null = all nodes
 */
public record FullDisk(@Nullable Victim victim) implements Fault {
    /** What the plan sees of each node; every {@link NodeEnd} is right. */
    public static final String SIGHT = "a node whose disk is full";

    @Override
    public String name() {
        return "disk of " + (victim == null ? "all nodes" : victim) + " full";
    }

    @Override
    public Harm inflict(Scene scene) {
        List<NodeProcess> nodes = victim == null ? scene.cluster().nodes() : List.of(victim.pick(scene));
        nodes.forEach(scene::excuse);
        nodes.forEach(node -> diskOf(scene, node).fillUpTo(0));
        return new Harm() {
            @Override
            public String target() {
                return nodes.stream().map(NodeProcess::id).collect(Collectors.joining(","));
            }

            @Override
            public @Nullable String evidence() {
                boolean isFull = nodes.stream()
                        .allMatch(
                                node -> diskOf(scene, node).directory().toFile().getUsableSpace() == 0);
                return isFull ? "no byte is left" : null;
            }

            @Override
            public void heal() {
                nodes.forEach(node -> scene.marks().seen(SIGHT, NodeEnd.of(node)));
                nodes.forEach(node -> diskOf(scene, node).freeSpace());
                for (NodeProcess node : nodes) {
                    if (node.isAlive()) {
                        scene.forgive(node);
                    } else {
                        scene.revive(node);
                    }
                }
                nodes.forEach(scene::awaitReady);
            }
        };
    }

    private static LoopDisk diskOf(Scene scene, NodeProcess node) {
        return scene.site().disk(scene.numberOf(node));
    }
}
