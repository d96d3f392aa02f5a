package io.statehouse.cluster.chaos.scenario;

import io.statehouse.client.ClusterStatus;
import io.statehouse.client.MemberRole;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** Watches the nodes from outside during a run: who leads, and whether a process ends that nobody had ended. */
public final class Sentry implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final Scene scene;
    private final Set<NodeProcess> dead = new HashSet<>();
    private final Thread thread;
    private volatile boolean isStopping;
    private volatile String leader = "";
    private volatile long term;

    /** Begins to watch. */
    public Sentry(Scene scene) {
        this.scene = scene;
        this.thread = Thread.ofPlatform().name("sentry").daemon().start(() -> {
            while (!isStopping) {
                lookForDeaths();
                lookForLeader();
                Await.pause(INTERVAL);
            }
        });
    }

    /** Who leads in the highest term that was seen; empty until somebody does. */
    public String leader() {
        return leader;
    }

    /** The highest term a leader was seen in. */
    public long term() {
        return term;
    }

    private void lookForDeaths() {
        for (NodeProcess node : scene.cluster().nodes()) {
            Integer status = node.exitStatus();
            if (status == null) {
                dead.remove(node);
            } else if (dead.add(node) && !scene.isExcused(node)) {
                scene.marks().died(node.id(), status);
            }
        }
    }

    private void lookForLeader() {
        ClusterStatus leads = scene.cluster().nodes().stream()
                .filter(NodeProcess::isAlive)
                .map(scene::status)
                .filter(Objects::nonNull)
                .filter(status -> status.role() == MemberRole.LEADER)
                .max(Comparator.comparingLong(ClusterStatus::term))
                .orElse(null);
        if (leads != null && leads.term() > term) {
            term = leads.term();
            leader = leads.nodeId();
            scene.marks().leads(leader, term);
        }
    }

    @Override
    public void close() {
        isStopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
