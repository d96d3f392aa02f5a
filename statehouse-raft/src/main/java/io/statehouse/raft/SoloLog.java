package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.decide.Reply;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log of one member in this process, without Raft: for tests and for the in-memory mode. Nothing survives it. */
public final class SoloLog implements ReplicatedLog {
    private static final Logger LOG = LoggerFactory.getLogger(SoloLog.class);
    private static final int BATCH_COMMANDS_MAX = 1_024;
    private static final int BATCH_BYTES_MAX = 4 << 20;
    private static final long QUEUE_BYTES_MAX = 64L << 20;
    private static final long TERM = 1;

    private final Member self;
    private final LeaderStamp stamps;
    private final long proposerId;
    private final LiveState live = new LiveState();
    private final CommandQueue queue =
            new CommandQueue(QUEUE_BYTES_MAX, () -> new LogException.Unavailable("the log has not been started", null));
    private final ExecutorService repliesThread;
    private final AppliedWaiters waiters;
    private final Thread applyThread;
    private final Upkeep upkeep;

    private SoloLog(Member self, StateMachine state, Clock clock, RandomGenerator random) {
        this.self = self;
        this.stamps = new LeaderStamp(clock, random);
        this.proposerId = random.nextLong();
        live.replace(() -> state);
        repliesThread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(self.id() + "-replies").daemon().factory());
        waiters = new AppliedWaiters(state.view().at().value(), repliesThread);
        upkeep = new Upkeep(self.id(), clock, new Alone(live), this::proposeUnasked);
        applyThread = Thread.ofPlatform().name(self.id() + "-apply").daemon().unstarted(this::applyUntilClosed);
    }

    /** A log that owns the state machine from now on and closes it with itself. */
    public static ReplicatedLog open(Member self, StateMachine state, Clock clock, RandomGenerator random) {
        return new SoloLog(self, state, clock, random);
    }

    @Override
    public void start() {
        queue.open();
        applyThread.start();
        upkeep.start();
        // Alone, it waits for nobody.
        proposeUnasked(new RaiseFeatureLevel(FeatureLevel.LATEST));
    }

    /** Nobody else could lead. */
    private record Alone(LiveState live) implements Upkeep.Watched {
        @Override
        public boolean isLeading() {
            return true;
        }

        @Override
        public <T> T query(Function<StateMachine, T> question) {
            return live.query(question);
        }
    }

    @Override
    public CompletableFuture<Reply> propose(Command command) {
        var pending = PendingCommand.of(command);
        queue.add(pending);
        return pending.reply();
    }

    private void proposeUnasked(Command command) {
        var unused = propose(command);
    }

    private void applyUntilClosed() {
        List<PendingCommand> batch = List.of();
        try {
            for (long batchId = 1; ; batchId++) {
                batch = queue.take(BATCH_COMMANDS_MAX, BATCH_BYTES_MAX);
                queue.settled();
                apply(batchId, batch);
                batch = List.of();
            }
        } catch (InterruptedException e) {
            LOG.debug("apply thread ends member={}", self.id());
        } catch (RuntimeException | Error e) {
            poison(batch, e);
        }
    }

    private void apply(long batchId, List<PendingCommand> batch) {
        var commands = batch.stream().map(PendingCommand::command).toList();
        var position = new LogPosition(TERM, live.query(StateMachine::applied).index() + 1);
        var applied = live.execute(position, new LoggedBatch(stamps.next(), proposerId, batchId, commands));
        if (applied == null) {
            throw new StoreFailedException("the state of a log without snapshots was paused");
        }
        waiters.advance(applied.at().value());
        repliesThread.execute(() -> Replies.complete(batch, applied.replies()));
    }

    private void poison(List<PendingCommand> batch, Throwable cause) {
        LOG.error("apply failed, this log takes no more commands member={}", self.id(), cause);
        var unknown = new LogException.OutcomeUnknown("apply failed", cause);
        batch.forEach(pending -> pending.reply().completeExceptionally(unknown));
        queue.close(() -> new LogException.Unavailable("apply failed earlier", cause));
    }

    @Override
    public CompletableFuture<Void> awaitReadable() {
        // A reply is given after its commit is applied, and there is nobody else who could have acknowledged one.
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> awaitApplied(CommitTs at) {
        return waiters.await(at.value());
    }

    @Override
    public <T> T query(Function<StateMachine, T> question) {
        return live.query(question);
    }

    @Override
    public ClusterView cluster() {
        var applied = new CommitTs(waiters.reached());
        return new ClusterView(
                "solo",
                self,
                ClusterView.Role.LEADER,
                TERM,
                self,
                true,
                List.of(self),
                List.of(),
                List.of(),
                applied,
                applied,
                0,
                Map.of());
    }

    @Override
    public CompletableFuture<String> transferLeadership(@Nullable String memberId) {
        if (self.id().equals(memberId)) {
            return CompletableFuture.completedFuture(self.id());
        }
        return CompletableFuture.failedFuture(new LogException.Unavailable("this log has one member", null));
    }

    @Override
    public CompletableFuture<Void> change(MembershipChange change) {
        return CompletableFuture.failedFuture(new LogException.ChangeRefused(
                LogException.Reason.NOT_A_CLUSTER, "a log in memory has one member for ever"));
    }

    @Override
    public void close() {
        var closed = new LogException.Unavailable("the log is closed", null);
        upkeep.close();
        queue.close(() -> closed);
        applyThread.interrupt();
        Threads.join(applyThread);
        waiters.failAll(closed);
        repliesThread.shutdown();
        live.close();
    }
}
