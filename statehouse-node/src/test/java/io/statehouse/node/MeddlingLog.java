package io.statehouse.node;

import io.statehouse.raft.ClusterView;
import io.statehouse.raft.MembershipChange;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.decide.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A log in which, once, something else is committed just before what is proposed, and which may forget who leads. */
final class MeddlingLog implements ReplicatedLog {
    private final ReplicatedLog log;
    private final AtomicReference<@Nullable Command> intruder = new AtomicReference<>();

    private volatile boolean isLeaderless;

    MeddlingLog(ReplicatedLog log) {
        this.log = log;
    }

    void commitBeforeTheNext(Command command) {
        intruder.set(command);
    }

    void loseTheLeader() {
        isLeaderless = true;
    }

    @Override
    public void start() {
        log.start();
    }

    @Override
    public CompletableFuture<Reply> propose(Command command) {
        Command first = intruder.getAndSet(null);
        return first == null ? log.propose(command) : log.propose(first).thenCompose(ignored -> log.propose(command));
    }

    @Override
    public CompletableFuture<Void> awaitReadable() {
        return log.awaitReadable();
    }

    @Override
    public CompletableFuture<Void> awaitApplied(CommitTs at) {
        return log.awaitApplied(at);
    }

    @Override
    public <T> T query(Function<StateMachine, T> question) {
        return log.query(question);
    }

    @Override
    public ClusterView cluster() {
        ClusterView view = log.cluster();
        return isLeaderless
                ? new ClusterView(
                        view.clusterId(),
                        view.self(),
                        ClusterView.Role.CANDIDATE,
                        view.term(),
                        null,
                        false,
                        view.voters(),
                        view.listeners(),
                        view.newcomers(),
                        view.applied(),
                        view.durable(),
                        view.applyLagEntries(),
                        view.followerLagEntries())
                : view;
    }

    @Override
    public CompletableFuture<String> transferLeadership(@Nullable String memberId) {
        return log.transferLeadership(memberId);
    }

    @Override
    public CompletableFuture<Void> change(MembershipChange change) {
        return log.change(change);
    }

    @Override
    public void close() {
        log.close();
    }
}
