package io.statehouse.node;

import io.statehouse.raft.ClusterView;
import io.statehouse.raft.LogException;
import io.statehouse.raft.MembershipChange;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.decide.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A log in which, once, something else is committed just before what is proposed, which may forget who leads, and may stop to lead. */
final class MeddlingLog implements ReplicatedLog {
    private final ReplicatedLog log;
    private final AtomicReference<List<Command>> intruders = new AtomicReference<>(List.of());
    private final AtomicReference<List<Command>> readIntruders = new AtomicReference<>(List.of());

    private final AtomicInteger taken = new AtomicInteger(Integer.MAX_VALUE);

    private volatile boolean isLeaderless;
    private volatile boolean isMember = true;

    MeddlingLog(ReplicatedLog log) {
        this.log = log;
    }

    void commitBeforeTheNext(Command... commands) {
        intruders.set(List.of(commands));
    }

    /** While the next reader waits, something is committed. */
    void commitDuringTheNextWait(Command... commands) {
        readIntruders.set(List.of(commands));
    }

    /** After so many more commands it takes no other: it does not lead any more. */
    void refuseAfter(int commands) {
        taken.set(commands);
    }

    void leaveTheCluster() {
        isMember = false;
    }

    @Override
    public boolean isMember() {
        return isMember;
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
        if (taken.getAndDecrement() <= 0) {
            return CompletableFuture.failedFuture(new LogException.NotLeader(null));
        }
        List<Command> first = intruders.getAndSet(List.of());
        return first.isEmpty() ? log.propose(command) : all(first).thenCompose(ignored -> log.propose(command));
    }

    private CompletableFuture<Void> all(List<Command> commands) {
        return CompletableFuture.allOf(commands.stream().map(log::propose).toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public CompletableFuture<Void> awaitReadable() {
        return all(readIntruders.getAndSet(List.of())).thenCompose(ignored -> log.awaitReadable());
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
