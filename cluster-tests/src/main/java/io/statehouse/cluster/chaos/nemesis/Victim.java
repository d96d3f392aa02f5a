package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Scene;

/** Whom a fault hits. */
public enum Victim {
    /** The node that leads at that moment. */
    LEADER("leader"),
    /** A node that runs and does not lead. */
    FOLLOWER("follower"),
    /** Any node that runs, by chance. */
    ANY("node");

    private final String word;

    Victim(String word) {
        this.word = word;
    }

    /** Who it is now; waits for a leader. */
    public NodeProcess pick(Scene scene) {
        var leader = scene.cluster().awaitLeader();
        if (this == LEADER) {
            return leader;
        }
        var others = scene.cluster().nodes().stream()
                .filter(NodeProcess::isAlive)
                .filter(node -> this == ANY || node != leader)
                .toList();
        return others.get(scene.random().nextInt(others.size()));
    }

    @Override
    public String toString() {
        return word;
    }
}
