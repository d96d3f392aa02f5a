package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.chaos.verdict.CutOff;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts cables at the leader; clients still reach every node. Needs a network. */
public record Partition(Cut cut) implements Fault {
    /** Which cables, and in which direction. */
    public enum Cut {
        /** Nothing passes between the leader and the others. */
        ISOLATED("isolate leader"),
        /** The leader sends and hears nothing: the others never miss its heartbeats. */
        DEAF("deafen leader"),
        /** The leader hears and is not heard. */
        MUTE("mute leader"),
        /** Nothing passes between the leader and one follower; both reach the third. */
        ONE_CABLE("cut leader from one follower"),
        /** One follower is not heard by the leader. */
        ONE_WAY("one follower not heard by leader");

        private final String words;

        Cut(String words) {
            this.words = words;
        }
    }

    @Override
    public String name() {
        return cut.words;
    }

    @Override
    public Harm inflict(Scene scene) {
        var leader = scene.cluster().awaitLeader();
        long term = scene.termOf(leader);
        List<NodeProcess> others =
                scene.cluster().nodes().stream().filter(node -> node != leader).toList();
        var follower = others.get(scene.random().nextInt(others.size()));
        cut(scene, leader, follower, others);
        boolean isOneFollower = cut == Cut.ONE_CABLE || cut == Cut.ONE_WAY;
        if (cut == Cut.ISOLATED) {
            scene.marks().seen(CutOff.BEGINS, leader.id());
        }
        return new Simple(
                isOneFollower ? leader.id() + " – " + follower.id() : leader.id(),
                () -> isOneFollower ? signOf(scene, leader, follower, term) : signOf(scene, leader, term),
                () -> heal(scene, leader));
    }

    private void cut(Scene scene, NodeProcess leader, NodeProcess follower, List<NodeProcess> others) {
        var network = scene.network();
        int host = scene.numberOf(leader);
        switch (cut) {
            case ISOLATED -> network.isolate(host);
            case DEAF -> others.forEach(other -> network.cut(scene.numberOf(other), host));
            case MUTE -> others.forEach(other -> network.cut(host, scene.numberOf(other)));
            case ONE_CABLE -> network.part(host, scene.numberOf(follower));
            case ONE_WAY -> network.cut(scene.numberOf(follower), host);
        }
    }

    /** Whoever cannot lead any more gives up, or somebody else leads. */
    private static @Nullable String signOf(Scene scene, NodeProcess leader, long term) {
        String elected = Evidence.newLeader(scene, leader, term);
        return elected == null ? Evidence.steppedDown(scene, leader) : elected;
    }

    /** The follower falls behind, or has itself elected. */
    private static @Nullable String signOf(Scene scene, NodeProcess leader, NodeProcess follower, long term) {
        String behind = Evidence.lagging(scene, follower, leader);
        return behind == null ? Evidence.newLeader(scene, leader, term) : behind;
    }

    private void heal(Scene scene, NodeProcess leader) {
        if (cut == Cut.ISOLATED) {
            scene.marks().seen(CutOff.ENDS, leader.id());
        }
        scene.network().healAll();
    }
}
