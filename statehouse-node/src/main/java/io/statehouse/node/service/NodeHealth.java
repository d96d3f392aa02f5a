package io.statehouse.node.service;

import io.statehouse.raft.ClusterView;
import io.statehouse.raft.LogException;
import io.statehouse.raft.ReplicatedLog;
import org.jspecify.annotations.Nullable;

/** Whether this node can serve at the moment, in one place for every probe. */
public final class NodeHealth {
    /** Why a node that waits to be let in, or was removed, has nothing to say. */
    static final String NO_MEMBER = "this node is no member of its cluster, or does not know yet that it is";

    private final ReplicatedLog log;
    private volatile Phase phase = Phase.STARTING;

    public NodeHealth(ReplicatedLog log) {
        this.log = log;
    }

    private enum Phase {
        STARTING,
        RUNNING,
        STOPPING
    }

    /** From now on the cluster says whether the node is ready. */
    public void started() {
        phase = Phase.RUNNING;
    }

    /** From now on the node is not ready, whatever the cluster says. */
    public void stopping() {
        phase = Phase.STOPPING;
    }

    /** Why the node cannot serve; null when it can. */
    public @Nullable String whyNotReady() {
        return switch (phase) {
            case STARTING -> "this node is starting";
            case RUNNING -> whyClusterIsNotReady();
            case STOPPING -> "this node is stopping";
        };
    }

    private @Nullable String whyClusterIsNotReady() {
        ClusterView cluster;
        try {
            cluster = log.cluster();
        } catch (LogException e) {
            return String.valueOf(e.getMessage());
        }
        if (cluster.leader() == null) {
            return "no leader is known";
        }
        if (!log.isMember()) {
            return NO_MEMBER;
        }
        if (cluster.role() == ClusterView.Role.LEADER && !cluster.isReady()) {
            return "this node leads and is not caught up yet";
        }
        return null;
    }

    /** Fails with NOT_READY when the node cannot serve. */
    public void requireReady() {
        String reason = whyNotReady();
        if (reason != null) {
            throw Refusals.notReady(reason);
        }
    }
}
