package io.statehouse.raft;

import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.decide.Reply;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftClientReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the pending commands of many callers into Raft entries: one thread at a time, and no waiting for company.
 *
 * <p>While some entries are under way the commands that arrive form the next one, so batches grow with the load by
 * themselves and a lone command goes at once, in its caller's own thread. Ratis serialises appends in any case, so more
 * threads would only queue. Replies do not travel through Ratis, which would keep each of them in its retry cache: apply
 * hands them over here.
 */
final class GroupCommit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /** Hands an entry to Ratis. */
    @FunctionalInterface
    interface Submission {
        CompletableFuture<RaftClientReply> submit(long batchId, byte[] entry) throws IOException;
    }

    /** What the log of this member is asked about itself. */
    interface Leadership {
        /** Why this member takes no commands now. */
        LogException refusal();

        /** Why an entry was not taken into the log. */
        LogException refusal(@Nullable Throwable cause);
    }

    private final RaftOptions options;
    private final LeaderStamp stamps;
    private final long proposerId;
    private final Leadership leadership;
    private final Submission submission;
    private final Executor repliesThread;
    private final LogObserver observer;
    private final CommandQueue queue;
    private final Semaphore slots;
    private final ConcurrentHashMap<Long, BatchInFlight> inFlight = new ConcurrentHashMap<>();
    private final AtomicLong batchIds = new AtomicLong();
    private final Thread thread;

    /** Nobody knows how far an entry came whose proposer failed so. */
    private volatile boolean isBroken;

    GroupCommit(Wiring wiring, Submission submission, Leadership leadership) {
        this.options = wiring.options();
        this.stamps = wiring.stamps();
        this.proposerId = wiring.surroundings().random().nextLong();
        this.observer = wiring.surroundings().observer();
        this.repliesThread = wiring.repliesThread();
        this.submission = submission;
        this.leadership = leadership;
        this.queue = new CommandQueue(options.queueBytesMax(), leadership::refusal);
        this.slots = new Semaphore(options.entriesInFlightMax());
        this.thread = Thread.ofPlatform()
                .name(options.self().id() + "-proposer")
                .daemon()
                .unstarted(this::proposeUntilClosed);
    }

    /** What a proposer is made of. */
    record Wiring(
            RaftOptions options, LeaderStamp stamps, RunningMember.Surroundings surroundings, Executor repliesThread) {}

    void start() {
        thread.start();
    }

    /** This member leads: take commands. */
    void open() {
        queue.open();
    }

    /** Take no more commands, for a reason asked for at each refusal; what is under way goes on. */
    void stop(Supplier<LogException> reason) {
        queue.close(reason);
    }

    /** This member does not lead: refuse what waits. */
    void stop() {
        stop(leadership::refusal);
    }

    CompletableFuture<Reply> propose(PendingCommand command) {
        if (command.bytes() > RaftSettings.ENTRY_BYTES_MAX) {
            return CompletableFuture.completedFuture(new Reply.LimitExceeded(
                    "transactionBytesMax", options.limits().transactionBytesMax(), command.bytes()));
        }
        if (mayGoAlone()) {
            propose(List.of(command));
        } else {
            queue.add(command);
        }
        return command.reply();
    }

    /**
     * With nothing under way the caller hands its command to Ratis itself, which spares waking another thread. What was
     * answered is on this disk too, so Ratis's queue is empty and the caller does not wait there; and it proposes nobody's
     * command but its own.
     */
    private boolean mayGoAlone() {
        if (!inFlight.isEmpty() || !slots.tryAcquire()) {
            return false;
        }
        boolean isTaken = queue.takeAlone();
        if (!isTaken) {
            slots.release();
        }
        return isTaken;
    }

    private void proposeUntilClosed() {
        try {
            while (true) {
                queue.awaitCommand();
                slots.acquire();
                propose(queue.take(options.batchCommandsMax(), options.batchBytesMax()));
            }
        } catch (InterruptedException e) {
            LOG.debug("proposer ends member={}", options.self().id());
        }
    }

    /** In the thread that has taken them, so that entries are appended in the order in which they were taken. */
    private void propose(List<PendingCommand> commands) {
        try {
            submit(batchIds.incrementAndGet(), commands);
        } catch (RuntimeException | Error e) {
            isBroken = true;
            throw e;
        } finally {
            queue.settled();
        }
    }

    private void submit(long batchId, List<PendingCommand> commands) {
        var times = new CommitTimes(observer, batchId, commands);
        var batch = new BatchInFlight(commands, times, () -> {
            inFlight.remove(batchId);
            slots.release();
        });
        inFlight.put(batchId, batch);
        try {
            byte[] entry = encode(batchId, commands);
            times.submitted(entry.length);
            var unused = submission
                    .submit(batchId, entry)
                    .whenComplete((reply, failure) -> onRatisReply(batch, reply, failure));
        } catch (IOException | RuntimeException e) {
            failLater(batch, e);
        }
    }

    private byte[] encode(long batchId, List<PendingCommand> commands) {
        var entry = LogCodec.encode(new LoggedBatch(
                stamps.next(),
                proposerId,
                batchId,
                commands.stream().map(PendingCommand::command).toList()));
        if (entry.length > RaftSettings.ENTRY_BYTES_MAX) {
            throw new IllegalStateException("an entry of " + commands.size() + " commands has " + entry.length + " of "
                    + RaftSettings.ENTRY_BYTES_MAX + " bytes");
        }
        return entry;
    }

    /** Apply answers before Ratis does, so callers hear of this only where apply did not. */
    private void onRatisReply(BatchInFlight batch, @Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (batch.isApplied()) {
            return;
        }
        failLater(batch, failure != null || reply == null ? failure : reply.getException());
    }

    private void failLater(BatchInFlight batch, @Nullable Throwable cause) {
        repliesThread.execute(
                () -> batch.fail(() -> batch.mayBeInLog() ? RatisFailures.lost(cause) : leadership.refusal(cause)));
    }

    /** The batch about to be appended, or null when another member proposed it. */
    @Nullable
    BatchInFlight find(long batchId) {
        return inFlight.get(batchId);
    }

    /** Apply has executed a batch: answers its callers if they are here. */
    void applied(LoggedBatch logged, List<Reply> replies) {
        if (logged.proposerId() != proposerId) {
            return;
        }
        var batch = inFlight.get(logged.batchId());
        if (batch != null) {
            batch.times().applied();
            batch.apply();
            repliesThread.execute(() -> batch.answer(replies));
        }
    }

    /** Asked after {@link #stop}: nothing is under way, nor on its way there. */
    boolean isIdle() {
        return !queue.isBetween() && inFlight.isEmpty();
    }

    boolean isAlive() {
        return thread.isAlive() && !isBroken;
    }

    @Override
    public void close() {
        queue.close(() -> new LogException.Unavailable("this member is closing", null));
        thread.interrupt();
        Threads.join(thread);
        queue.awaitSettled(Threads.END_WITHIN);
        inFlight.values().forEach(batch -> batch.fail(() -> RatisFailures.lost(null)));
    }
}
