package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The power of one node is cut, or of all at once: what was not forced to a disk is gone. Needs a shape with disks.
 *
 * @param victim null = all nodes
 */
public record PowerCut(@Nullable Victim victim) implements Fault {
    @Override
    public String name() {
        return "power cut of " + (victim == null ? "all nodes" : victim);
    }

    @Override
    public Harm inflict(Scene scene) {
        List<NodeProcess> nodes = victim == null ? scene.cluster().nodes() : List.of(victim.pick(scene));
        nodes.forEach(scene::excuse);
        nodes.forEach(node -> scene.site().disk(scene.numberOf(node)).cutPower());
        nodes.forEach(scene::kill);
        return new Harm() {
            @Override
            public String target() {
                return nodes.stream().map(NodeProcess::id).collect(Collectors.joining(","));
            }

            @Override
            public @Nullable String evidence() {
                return nodes.stream().noneMatch(NodeProcess::isAlive)
                        ? "the disks take nothing and the processes are gone"
                        : null;
            }

            @Override
            public void heal() {
                nodes.forEach(node -> scene.site().disk(scene.numberOf(node)).powerOn());
                nodes.forEach(scene::revive);
                nodes.forEach(scene::awaitReady);
            }
        };
    }
}
