package io.statehouse.node.service;

import io.statehouse.raft.ClusterView;
import io.statehouse.raft.Member;
import io.statehouse.raft.ReplicatedLog;
import java.util.concurrent.CompletableFuture;

/** The cluster as an operator asks about it. */
public final class ClusterService {
    private final ReplicatedLog log;
    private final AccessPolicy policy;
    private final PeerCalls peers;

    public ClusterService(StateService.Node node, PeerCalls peers) {
        this.log = node.log();
        this.policy = node.policy();
        this.peers = peers;
    }

    /** The cluster as this node sees it. */
    public ClusterView status(Caller caller) {
        policy.require(caller, AccessPolicy.Action.READ, "");
        return log.cluster();
    }

    /** Hands leadership to a member, any other one if the id is empty; completes with the new leader's id. */
    public CompletableFuture<String> transferLeadership(Caller caller, String memberId) {
        policy.require(caller, AccessPolicy.Action.OPERATE, "");
        boolean isKnown =
                log.cluster().voters().stream().anyMatch(member -> member.id().equals(memberId));
        if (!memberId.isEmpty() && !isKnown) {
            throw Refusals.invalid("node_id", "no voter is named " + memberId);
        }
        return log.transferLeadership(memberId.isEmpty() ? null : memberId).exceptionallyCompose(failure -> {
            Member leader = log.cluster().leader();
            if (leader == null || !caller.mayForward() || Refusals.of(failure).kind() != ErrorKind.NOT_LEADER) {
                return CompletableFuture.failedFuture(failure);
            }
            return leader.id().equals(log.cluster().self().id())
                    ? CompletableFuture.failedFuture(failure)
                    : peers.transferLeadership(leader, memberId, caller.timeLeft());
        });
    }
}
