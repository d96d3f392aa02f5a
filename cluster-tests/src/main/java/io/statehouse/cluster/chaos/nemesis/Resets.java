package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;

/** Every connection between members is reset once. Needs peer proxies. */
public record Resets() implements Fault {
    @Override
    public String name() {
        return "reset connections";
    }

    @Override
    public Harm inflict(Scene scene) {
        int nodes = scene.cluster().nodes().size();
        int broken = 0;
        for (int from = 1; from <= nodes; from++) {
            for (int to = 1; to <= nodes; to++) {
                broken += from == to ? 0 : scene.site().peerProxy(from, to).resetConnections();
            }
        }
        int ends = broken;
        return new Simple("all", () -> ends == 0 ? null : ends + " sockets were reset", () -> {});
    }
}
