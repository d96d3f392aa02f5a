package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.state.Usage;
import java.util.concurrent.CompletableFuture;

/** How much of what all share a namespace may take. */
public final class QuotaService {
    private final StateService state;
    private final ReplicatedLog log;
    private final AccessPolicy policy;
    private final LimitGuard guard;
    private final PeerCalls peers;

    public QuotaService(StateService state, StateService.Node node, PeerCalls peers) {
        this.state = state;
        this.log = node.log();
        this.policy = node.policy();
        this.guard = node.guard();
        this.peers = peers;
    }

    /** What a namespace may take and takes. */
    public CompletableFuture<Usage> get(Caller caller, String namespace) {
        guard.checkNamespace(namespace);
        return state.look(
                caller, namespace, ReadPoint.NOW, past -> past.machine().usage(namespace));
    }

    /** Puts a quota in force, once however often it is sent under its id. A refusal fails the future. */
    public CompletableFuture<Void> set(Caller caller, SetQuota set) {
        policy.require(caller, Role.ADMIN, Grant.EVERYWHERE);
        guard.check(set.txnId());
        guard.checkNamespace(set.namespace());
        policy.administered(caller, set.txnId());
        CompletableFuture<Void> here = log.propose(set).thenAccept(reply -> {
            if (!(reply instanceof Reply.RetentionSet)) {
                throw Refusals.of(set.txnId(), reply);
            }
        });
        return state.onLeader(caller, here, leader -> peers.setQuota(leader, set, caller));
    }
}
