package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.decide.Reply;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of this replica, which a snapshot may replace while others read it.
 *
 * <p>The apply thread and the readers share the read lock, because the state machine lets one thread write beside many
 * that read; whoever replaces or closes it takes the write lock and so waits for all of them. Pausing waits for the
 * entry being applied and for no reader, because Ratis pauses while it holds the lock that heartbeats need.
 */
final class LiveState implements AutoCloseable {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** Guarded by the lock: nobody uses a state machine that has been closed. */
    private @Nullable StateMachine state;

    /** Held while an entry is applied. */
    private final ReentrantLock applyLock = new ReentrantLock();

    /** Guarded by the apply lock: nothing is applied between the end of one state and the start of the next. */
    private boolean isPaused;

    /** Asks the present state machine a question; it cannot be replaced before the answer is complete. */
    <T> T query(Function<StateMachine, T> question) {
        lock.readLock().lock();
        try {
            return question.apply(open());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Applies a batch; null when the state is about to be replaced, because the entry is then part of the new one. */
    @Nullable
    Applied execute(LogPosition position, LoggedBatch batch) {
        return unlessPaused(machine -> {
            var replies = machine.execute(position, batch);
            return new Applied(replies, machine.view().at());
        });
    }

    /** Passes over a log entry that carries no commands; false when the state is about to be replaced. */
    boolean skip(LogPosition position) {
        return unlessPaused(machine -> {
                    machine.skip(position);
                    return position;
                })
                != null;
    }

    private <T> @Nullable T unlessPaused(Function<StateMachine, T> act) {
        applyLock.lock();
        try {
            return isPaused ? null : query(act);
        } finally {
            applyLock.unlock();
        }
    }

    /** Stops applying, after the entry that is being applied; questions are still answered. */
    void pause() {
        setPaused(true);
    }

    /** Applies again. */
    void resume() {
        setPaused(false);
    }

    private void setPaused(boolean paused) {
        applyLock.lock();
        try {
            isPaused = paused;
        } finally {
            applyLock.unlock();
        }
    }

    /** Closes the present state machine, if there is one, and goes on with the one that the opener returns. */
    void replace(Supplier<StateMachine> opener) {
        lock.writeLock().lock();
        try {
            closeMachine();
            state = opener.get();
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closeMachine();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void closeMachine() {
        if (state != null) {
            state.close();
            state = null;
        }
    }

    private StateMachine open() {
        if (state == null) {
            throw new LogException.Unavailable("the state of this member is not open", null);
        }
        return state;
    }

    /** What applying one entry gave: a reply per command, and the commit the state has come to. */
    record Applied(List<Reply> replies, CommitTs at) {}
}
