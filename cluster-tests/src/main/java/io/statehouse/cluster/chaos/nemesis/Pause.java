package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;

/** Stops a process for a while, as a long collection or a suspended machine would: it does not know. */
public record Pause(Victim victim) implements Fault {
    @Override
    public String name() {
        return "pause " + victim;
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = victim.pick(scene);
        node.pause();
        return new Simple(node.id(), () -> Evidence.stopped(node), node::resume);
    }
}
