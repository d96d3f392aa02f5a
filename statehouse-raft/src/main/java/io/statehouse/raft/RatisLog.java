package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.decide.Reply;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The replicated log on Apache Ratis.
 *
 * <p>What must hold: an acknowledged commit is on the disks of a majority; apply is a function of the log alone; a
 * reader who waited sees every commit acknowledged before; and a member that cannot keep any of this stops.
 */
public final class RatisLog implements ReplicatedLog {
    private final RaftOptions options;
    private final RunningMember.Surroundings surroundings;
    private volatile @Nullable RunningMember running;

    private RatisLog(RaftOptions options, RunningMember.Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    /** Prepares this member of a cluster for {@link #start}; nothing is touched before. */
    public static ReplicatedLog open(RaftOptions options, LogObserver observer) {
        return open(
                options,
                new RunningMember.Surroundings(
                        Clock.systemUTC(), new SecureRandom(), Halt.ofProcess(), observer, properties -> {}));
    }

    /** The same with the outer world given. */
    static RatisLog open(RaftOptions options, RunningMember.Surroundings surroundings) {
        return new RatisLog(options, surroundings);
    }

    /**
     * Proves the data directory, waits for the other founders of a new cluster, and joins.
     *
     * @throws StartRefusedException with the exit code and the sentence for the operator
     */
    @Override
    public void start() {
        requireFreePort();
        var guard = DiskGuard.open(options, surroundings.halt());
        try {
            startBehind(guard);
        } catch (IOException e) {
            throw new StartRefusedException(ExitCode.STORAGE_FAILED, "Ratis did not start: " + e.getMessage(), e);
        }
    }

    private void startBehind(DiskGuard guard) throws IOException {
        RunningMember member = null;
        try {
            member = new RunningMember(options, surroundings, guard);
            member.start();
            running = member;
        } finally {
            if (member == null) {
                guard.close();
            } else if (running == null) {
                member.abandon();
            }
        }
    }

    /** Ratis would end the process with a number of its own. */
    private void requireFreePort() {
        var address = HostPort.parse(options.self().raftAddress());
        if (!address.isFree()) {
            throw new StartRefusedException(
                    ExitCode.ALREADY_RUNNING,
                    "the Raft address " + options.self().raftAddress() + " is in use; is this node running already?");
        }
    }

    RunningMember running() {
        var member = running;
        if (member == null) {
            throw new LogException.Unavailable("this member does not run", null);
        }
        return member;
    }

    @Override
    public CompletableFuture<Reply> propose(Command command) {
        return orFailed(() -> running().propose(command));
    }

    @Override
    public CompletableFuture<Void> awaitReadable() {
        return orFailed(() -> running().awaitReadable());
    }

    @Override
    public CompletableFuture<Void> awaitApplied(CommitTs at) {
        return orFailed(() -> running().replica().commits().await(at.value()));
    }

    private static <T> CompletableFuture<T> orFailed(Supplier<CompletableFuture<T>> asked) {
        try {
            return asked.get();
        } catch (LogException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public <T> T query(Function<StateMachine, T> question) {
        return running().replica().query(question);
    }

    @Override
    public ClusterView cluster() {
        return running().cluster();
    }

    @Override
    public LogFigures figures() {
        var member = running();
        return RatisFigures.of(member.division(), member.replica());
    }

    @Override
    public boolean isMember() {
        return running().isMember();
    }

    @Override
    public CompletableFuture<String> transferLeadership(@Nullable String memberId) {
        return CompletableFuture.supplyAsync(
                        () -> transferNow(memberId),
                        act -> Thread.ofPlatform()
                                .name(options.self().id() + "-handover")
                                .daemon()
                                .start(act))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(RatisFailures.waiting(failure)));
    }

    private String transferNow(@Nullable String memberId) {
        try {
            return running().transferLeadership(memberId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    @Override
    public CompletableFuture<Void> change(MembershipChange change) {
        return CompletableFuture.completedFuture(change)
                .thenComposeAsync(
                        asked -> orFailed(() -> changeNow(asked)),
                        act -> Thread.ofPlatform()
                                .name(options.self().id() + "-membership")
                                .daemon()
                                .start(act))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(RatisFailures.notChanged(failure)));
    }

    private CompletableFuture<Void> changeNow(MembershipChange change) {
        var view = cluster();
        if (isOwnEnd(change) && view.isReady() && view.voters().size() > 1) {
            // What is refused anyway should not cost a change of leader.
            running().requirePossible(change);
            // The new leader does what was asked: the failure names it, as it would have if it had led before.
            throw new LogException.NotLeader(member(view, transferNow(null)));
        }
        return running().change(change);
    }

    /** Whether this process would be outside afterwards. One that took the place of its own name stays. */
    private boolean isOwnEnd(MembershipChange change) {
        String self = options.self().id();
        return switch (change) {
            case MembershipChange.Add add -> false;
            case MembershipChange.Remove remove -> remove.memberId().equals(self);
            case MembershipChange.Replace replace ->
                replace.memberId().equals(self)
                        && !replace.successor()
                                .raftAddress()
                                .equals(options.self().raftAddress());
        };
    }

    private static @Nullable Member member(ClusterView view, String id) {
        return view.voters().stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    @Override
    public CompletableFuture<SnapshotTaken> takeSnapshot() {
        return orFailed(() -> running().takeSnapshot());
    }

    @Override
    public StateCopy copy() {
        return running().copy();
    }

    @Override
    public void close() {
        var member = running;
        running = null;
        if (member != null) {
            member.close();
        }
    }

    /** Leaves as if the process had been killed: for tests. */
    void abandon() {
        var member = running;
        running = null;
        if (member != null) {
            member.abandon();
        }
    }
}
