package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Plan;
import io.statehouse.cluster.chaos.scenario.Scene;
import java.time.Duration;

/** One node after the other is asked to stop and started again, as for an upgrade. */
public record RollingRestart(Duration rest) implements Plan {
    @Override
    public void run(Scene scene) {
        do {
            for (NodeProcess node : scene.cluster().nodes()) {
                scene.strike(new Restart(node), Duration.ZERO);
                scene.rest(rest);
            }
        } while (!scene.isOver());
    }

    private record Restart(NodeProcess node) implements Fault {
        @Override
        public String name() {
            return "restart";
        }

        @Override
        public Harm inflict(Scene scene) {
            scene.excuse(node);
            int status = node.terminate();
            return new Simple(
                    node.id(),
                    () -> status == NodeProcess.STOPPED_BY_REQUEST ? node.id() + " stopped when asked to" : null,
                    () -> {
                        scene.revive(node);
                        scene.awaitReady(node);
                    });
        }
    }
}
