package io.statehouse.node.service;

import io.statehouse.raft.Member;
import io.statehouse.raft.MembershipChange;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.decide.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The port to the other nodes' APIs, for what only the leader can do.
 *
 * <p>Futures fail with a {@link ServiceException}: what the leader answered, NOT_READY when it was not reached, or
 * OUTCOME_UNKNOWN when the connection was lost after sending.
 */
public interface PeerCalls {
    /** Has the leader commit. */
    CompletableFuture<Reply.Committed> commit(Member leader, CommitTransaction transaction, Duration timeLeft);

    /** Has the leader end doubt about an id. */
    CompletableFuture<Fate> resolve(Member leader, TxnId id, Duration timeLeft);

    /** Has the leader put a retention policy in force. */
    CompletableFuture<Void> setRetention(Member leader, SetRetention set, Duration timeLeft);

    /** Has the leader change the members. */
    CompletableFuture<Void> changeMembers(Member leader, MembershipChange change, Duration timeLeft);

    /** Has the leader hand leadership to a member. */
    CompletableFuture<String> transferLeadership(Member leader, String memberId, Duration timeLeft);
}
