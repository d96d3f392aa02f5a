package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.decide.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The port to replication: commands go in, replies come out in the order the cluster agreed on, and the state they made
 * can be read here.
 *
 * <p>Futures fail with a {@link LogException} only.
 */
public interface ReplicatedLog extends AutoCloseable {
    /** Joins the cluster. Returns when this replica runs; not when there is a leader. */
    void start();

    /**
     * Replicates a command and answers with its reply, which is durable on a majority. Only the leader can: elsewhere the
     * future fails with {@link LogException.NotLeader}.
     */
    CompletableFuture<Reply> propose(Command command);

    /**
     * Completes when this replica's state holds every commit that was acknowledged anywhere before this call. Works on any
     * member; a follower asks the leader for one confirmed round. What hangs on the future runs in a thread of the log and
     * must be short.
     */
    CompletableFuture<Void> awaitReadable();

    /** Completes when this replica has applied the commit. The caller bounds the wait; cancelling the future frees it. */
    CompletableFuture<Void> awaitApplied(CommitTs at);

    /**
     * Asks the state of this replica a question. The answer must be complete when the function returns: the state machine
     * may be replaced by a snapshot afterwards. Keep questions short; page through long ones.
     */
    <T> T query(Function<StateMachine, T> question);

    /** Who leads and who belongs, as this member knows it. */
    ClusterView cluster();

    /** What this replica can say of itself; for metrics, so it is asked seldom. */
    default LogFigures figures() {
        return LogFigures.NONE;
    }

    /**
     * Whether this replica finds itself among the members. One that does not is waiting to be let in, or was removed and not
     * told yet: what it holds may be old for ever.
     */
    default boolean isMember() {
        return true;
    }

    /** Hands leadership to a member and completes with its id when it leads. Null = any other voter. */
    CompletableFuture<String> transferLeadership(@Nullable String memberId);

    /**
     * Changes who belongs to the cluster; only the leader can. Completes when the change is committed, which for a new
     * member is after it has copied the state: the caller bounds its patience, and may ask again until it is done. Fails
     * with {@link LogException.ChangeRefused} when it would be unsafe.
     */
    CompletableFuture<Void> change(MembershipChange change);

    /**
     * Forces this replica's state to the disk now, and purges its Raft log behind it as far as whole files allow.
     * Completes when it is done; fails with {@link LogException.NoFiles} when this log keeps its state in memory.
     */
    default CompletableFuture<SnapshotTaken> takeSnapshot() {
        return CompletableFuture.failedFuture(new LogException.NoFiles(
                "this node keeps its state in memory, so there is nothing to force to a disk"));
    }

    /**
     * A copy of this replica's present state, proven, to be sent elsewhere; it holds what this replica has applied, so wait
     * first. Blocks for as long as it takes to read all of the state. Close it.
     *
     * @throws LogException.Unavailable when it cannot be made
     * @throws LogException.NoFiles when this log keeps its state in memory
     */
    default StateCopy copy() {
        throw new LogException.NoFiles("this node keeps its state in memory, so there are no files to copy");
    }

    /** Hands leadership over if this member leads, then leaves. */
    @Override
    void close();
}
