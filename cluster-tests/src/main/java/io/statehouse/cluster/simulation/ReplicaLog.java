package io.statehouse.cluster.simulation;

import io.statehouse.raft.ClusterView;
import io.statehouse.raft.LogException;
import io.statehouse.raft.MembershipChange;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.decide.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The little that a stream needs of a log: the state of one simulated replica, as it is at each question. */
final class ReplicaLog implements ReplicatedLog {
    private final SimulatedReplica replica;

    ReplicaLog(SimulatedReplica replica) {
        this.replica = replica;
    }

    @Override
    public <T> T query(Function<StateMachine, T> question) {
        return question.apply(replica.state());
    }

    @Override
    public CompletableFuture<Void> awaitApplied(CommitTs at) {
        return replica.state().view().at().compareTo(at) >= 0
                ? CompletableFuture.completedFuture(null)
                : new CompletableFuture<>();
    }

    @Override
    public void start() {}

    @Override
    public CompletableFuture<Reply> propose(Command command) {
        return CompletableFuture.failedFuture(new LogException.NotLeader(null));
    }

    @Override
    public CompletableFuture<Void> awaitReadable() {
        return CompletableFuture.failedFuture(new LogException.NotLeader(null));
    }

    @Override
    public ClusterView cluster() {
        throw new UnsupportedOperationException("a simulated replica knows no cluster");
    }

    @Override
    public CompletableFuture<String> transferLeadership(@Nullable String memberId) {
        return CompletableFuture.failedFuture(new LogException.NotLeader(null));
    }

    @Override
    public CompletableFuture<Void> change(MembershipChange change) {
        return CompletableFuture.failedFuture(new LogException.NotLeader(null));
    }

    @Override
    public void close() {}
}
