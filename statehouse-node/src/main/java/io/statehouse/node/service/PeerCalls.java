package io.statehouse.node.service;

import io.statehouse.raft.Member;
import io.statehouse.raft.MembershipChange;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.decide.Reply;
import java.util.concurrent.CompletableFuture;

/**
 * The port to the other nodes' APIs, for what only the leader can do.
 *
 * <p>Futures fail with a {@link ServiceException}: what the leader answered, NOT_READY when it was not reached, or
 * OUTCOME_UNKNOWN when the connection was lost after sending. The caller's token goes along: the leader judges it itself, so
 * that a node can never do more for a caller than the caller may.
 */
public interface PeerCalls {
    /** Has the leader commit. */
    CompletableFuture<Reply.Committed> commit(Member leader, CommitTransaction transaction, Caller caller);

    /** Has the leader end doubt about an id. */
    CompletableFuture<Fate> resolve(Member leader, TxnId id, Caller caller);

    /** Has the leader put a retention policy in force. */
    CompletableFuture<Void> setRetention(Member leader, SetRetention set, Caller caller);

    /** Has the leader put a quota in force. */
    CompletableFuture<Void> setQuota(Member leader, SetQuota set, Caller caller);

    /** Has the leader make or forget a token. */
    CompletableFuture<Void> changeTokens(Member leader, Command command, Caller caller);

    /** Has the leader change the members. */
    CompletableFuture<Void> changeMembers(Member leader, MembershipChange change, Caller caller);

    /** Has the leader hand leadership to a member. */
    CompletableFuture<String> transferLeadership(Member leader, String memberId, Caller caller);
}
