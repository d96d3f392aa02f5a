package io.statehouse.raft;

import java.util.List;

/**
 * Where the time of one batch goes on the member that proposes it. Its stages follow each other in this order, on the
 * proposer's, the apply and the replies thread.
 */
final class CommitTimes {
    private final LogObserver observer;
    private final long batch;
    private final int commands;
    private final long queuedNanos;
    private volatile CommitStage stage;
    private volatile long submittedNanos;

    /** The commands were taken from the queue. */
    CommitTimes(LogObserver observer, long batch, List<PendingCommand> commands) {
        this.observer = observer;
        this.batch = batch;
        this.commands = commands.size();
        this.submittedNanos = System.nanoTime();
        this.queuedNanos = submittedNanos - commands.getFirst().arrivedNanos();
        this.stage = CommitStage.ofBatch(CommitStage.PROPOSE, batch);
    }

    /** The entry is about to be handed to Ratis. */
    void submitted(int bytes) {
        CommitStage proposed = stage;
        proposed.bytes = bytes;
        proposed.queued = queuedNanos;
        end(proposed);
        observer.proposed(commands, bytes, queuedNanos);
        submittedNanos = System.nanoTime();
        stage = CommitStage.ofBatch(CommitStage.REPLICATE, batch);
    }

    /** The entry is applied here. */
    void applied() {
        end(stage);
        observer.replicated(System.nanoTime() - submittedNanos);
        stage = CommitStage.ofBatch(CommitStage.ANSWER, batch);
    }

    /** Its callers have their replies. */
    void answered() {
        end(stage);
    }

    private void end(CommitStage ended) {
        ended.commands = commands;
        ended.commit();
    }
}
