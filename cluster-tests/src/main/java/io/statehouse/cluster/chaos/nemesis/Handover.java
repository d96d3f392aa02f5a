package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;

/** Leadership is handed over as an operator asks for it. */
public record Handover() implements Fault {
    @Override
    public String name() {
        return "hand over";
    }

    @Override
    public Harm inflict(Scene scene) {
        var leader = scene.cluster().awaitLeader();
        var heir = Victim.FOLLOWER.pick(scene);
        long term = scene.termOf(leader);
        String failure = "";
        try (var client = scene.cluster().client()) {
            var unused = client.admin().transferLeadership(heir.id());
        } catch (StatehouseException e) {
            // Whether it was done all the same, the evidence tells.
            failure = String.valueOf(e.getMessage());
        }
        String target = leader.id() + " → " + heir.id() + failure;
        return new Simple(target, () -> Evidence.newLeader(scene, leader, term), () -> {});
    }
}
