package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.state.Retained;
import java.util.concurrent.CompletableFuture;

/** How much of its past a namespace keeps. */
public final class RetentionService {
    private final StateService state;
    private final ReplicatedLog log;
    private final AccessPolicy policy;
    private final LimitGuard guard;
    private final PeerCalls peers;

    public RetentionService(StateService state, StateService.Node node, PeerCalls peers) {
        this.state = state;
        this.log = node.log();
        this.policy = node.policy();
        this.guard = node.guard();
        this.peers = peers;
    }

    /** What a namespace keeps as of the last commit that the answering node has applied. */
    public record Kept(Retained retained, CommitTs at) {}

    /** How much a namespace keeps, and since when it can be read. */
    public CompletableFuture<Kept> get(Caller caller, String namespace, ReadPoint.Freshness freshness) {
        guard.checkNamespace(namespace);
        ReadPoint point = new ReadPoint(freshness, new ReadPoint.Moment.Present());
        return state.look(
                caller,
                namespace,
                point,
                past -> new Kept(
                        past.machine().retention(Timeline.MAIN, namespace),
                        past.present().at()));
    }

    /** Puts a policy in force, once however often it is sent under its id. A refusal fails the future. */
    public CompletableFuture<Void> set(Caller caller, SetRetention set) {
        policy.require(caller, Role.OPERATOR, set.namespace());
        guard.check(set);
        policy.administered(caller, set.txnId());
        CompletableFuture<Void> here = log.propose(set).thenAccept(reply -> {
            if (!(reply instanceof Reply.RetentionSet)) {
                throw Refusals.of(set.txnId(), reply);
            }
        });
        return state.onLeader(caller, here, leader -> peers.setRetention(leader, set, caller));
    }
}
