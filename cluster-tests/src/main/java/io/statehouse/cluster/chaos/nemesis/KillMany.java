package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Ends several processes at the same moment, and starts them again. */
public record KillMany(int count) implements Fault {
    @Override
    public String name() {
        return "kill " + count + " nodes";
    }

    @Override
    public Harm inflict(Scene scene) {
        List<NodeProcess> victims = new ArrayList<>(scene.cluster().nodes());
        Collections.shuffle(victims, Random.from(scene.random()));
        List<NodeProcess> killed = List.copyOf(victims.subList(0, count));
        killed.forEach(scene::excuse);
        killed.parallelStream().forEach(NodeProcess::kill);
        return new Simple(
                killed.stream().map(NodeProcess::id).sorted().collect(Collectors.joining(" ")),
                () -> killed.stream().allMatch(node -> Kill.exit(node) != null) ? "all of them ended" : null,
                () -> {
                    killed.forEach(scene::revive);
                    killed.forEach(scene::awaitReady);
                });
    }
}
