package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as one member knows it at one moment.
 *
 * @param isReady this member leads and has applied what earlier leaders committed
 * @param applyLagEntries log entries known to be committed and not applied here yet
 * @param newcomers on the leader: nodes that are being let in
 * @param followerLagEntries on the leader: entries that each other member has not acknowledged; empty elsewhere
 */
public record ClusterView(
        String clusterId,
        Member self,
        Role role,
        long term,
        @Nullable Member leader,
        boolean isReady,
        List<Member> voters,
        List<Member> listeners,
        List<Newcomer> newcomers,
        CommitTs applied,
        CommitTs durable,
        long applyLagEntries,
        Map<String, Long> followerLagEntries) {
    /** What this member is at the moment. */
    public enum Role {
        LEADER,
        FOLLOWER,
        CANDIDATE,
        LISTENER
    }

    public ClusterView {
        voters = List.copyOf(voters);
        listeners = List.copyOf(listeners);
        newcomers = List.copyOf(newcomers);
        followerLagEntries = Map.copyOf(followerLagEntries);
    }
}
