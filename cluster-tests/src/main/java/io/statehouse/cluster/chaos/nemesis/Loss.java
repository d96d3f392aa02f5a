package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;

/** Some of a hundred packets between any two members are lost. Needs a network and {@code iptables}. */
public record Loss(int percent) implements Fault {
    @Override
    public String name() {
        return "lose " + percent + " %";
    }

    @Override
    public Harm inflict(Scene scene) {
        set(scene, percent);
        return new Simple(
                "all",
                () -> {
                    long lost = scene.cluster().nodes().stream()
                            .mapToLong(node -> scene.network().lostAt(scene.numberOf(node)))
                            .sum();
                    return lost == 0 ? null : "the filters have dropped " + lost + " packets";
                },
                () -> set(scene, 0));
    }

    private static void set(Scene scene, int percent) {
        int nodes = scene.cluster().nodes().size();
        for (int from = 1; from <= nodes; from++) {
            for (int to = 1; to <= nodes; to++) {
                if (from != to) {
                    scene.network().lose(from, to, percent);
                }
            }
        }
    }
}
