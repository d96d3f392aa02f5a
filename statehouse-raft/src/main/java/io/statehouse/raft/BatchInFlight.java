package io.statehouse.raft;

import io.statehouse.statemachine.decide.Reply;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** One entry on its way through Ratis with those who wait for its replies; answered once, whoever comes first. */
final class BatchInFlight {
    private final List<PendingCommand> commands;
    private final CommitTimes times;
    private final Runnable afterwards;
    private final AtomicBoolean isAnswered = new AtomicBoolean();
    private volatile boolean mayBeInLog;
    private volatile boolean isApplied;

    /** Runs the given act after its callers have been answered. */
    BatchInFlight(List<PendingCommand> commands, CommitTimes times, Runnable afterwards) {
        this.commands = commands;
        this.times = times;
        this.afterwards = afterwards;
    }

    CommitTimes times() {
        return times;
    }

    /** From now on nobody can say for certain that the entry will not be applied. */
    void enterLog() {
        mayBeInLog = true;
    }

    boolean mayBeInLog() {
        return mayBeInLog;
    }

    /** From now on its callers will hear what it was answered. */
    void apply() {
        isApplied = true;
    }

    boolean isApplied() {
        return isApplied;
    }

    void answer(List<Reply> replies) {
        if (isAnswered.compareAndSet(false, true)) {
            Replies.complete(commands, replies);
            times.answered();
            afterwards.run();
        }
    }

    void fail(Supplier<LogException> reason) {
        if (isAnswered.compareAndSet(false, true)) {
            commands.forEach(command -> command.reply().completeExceptionally(reason.get()));
            afterwards.run();
        }
    }
}
