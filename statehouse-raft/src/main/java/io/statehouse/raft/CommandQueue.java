package io.statehouse.raft;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Commands of many callers on their way to one proposer at a time, bounded by bytes and handed out in batches. */
final class CommandQueue {
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock, as all below: {@link #bytes} is the sum over it, and it is empty while closed. */
    private final ArrayDeque<PendingCommand> commands = new ArrayDeque<>();

    private long bytes;

    /** A batch was taken and is not yet {@link #settled}; until then nobody else takes one. */
    private boolean isTaken;

    /** Null = open. Asked for each refusal, because who leads instead changes. */
    private @Nullable Supplier<LogException> closedBecause;

    /** Starts closed for the reason. */
    CommandQueue(long bytesMax, Supplier<LogException> closedBecause) {
        this.bytesMax = bytesMax;
        this.closedBecause = closedBecause;
    }

    /** Adds a command, or fails its reply when the queue is closed or full. */
    void add(PendingCommand command) {
        LogException refusal = tryAdd(command);
        if (refusal != null) {
            command.reply().completeExceptionally(refusal);
        }
    }

    private @Nullable LogException tryAdd(PendingCommand command) {
        lock.lock();
        try {
            if (closedBecause != null) {
                return closedBecause.get();
            }
            if (bytes + command.bytes() > bytesMax && !commands.isEmpty()) {
                return new LogException.QueueFull(bytesMax, bytes + command.bytes());
            }
            commands.add(command);
            bytes += command.bytes();
            if (!isTaken) {
                changed.signalAll();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a command past the queue, as a batch of its own: if nothing waits here and nobody has another in hand. */
    boolean takeAlone() {
        lock.lock();
        try {
            boolean isFree = closedBecause == null && commands.isEmpty() && !isTaken;
            isTaken = isTaken || isFree;
            return isFree;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is a command to be taken. */
    void awaitCommand() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitTurn();
        } finally {
            lock.unlock();
        }
    }

    private void awaitTurn() throws InterruptedException {
        while (isTaken || commands.isEmpty()) {
            changed.await();
        }
    }

    /** Waits for a command and takes it with those behind it, within the caps; one command always fits. */
    List<PendingCommand> take(int commandsMax, int batchBytesMax) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitTurn();
            var batch = new ArrayList<PendingCommand>(Math.min(commandsMax, commands.size()));
            long batchBytes = 0;
            PendingCommand next = commands.peek();
            while (next != null
                    && batch.size() < commandsMax
                    && (batch.isEmpty() || batchBytes + next.bytes() <= batchBytesMax)) {
                commands.remove();
                batch.add(next);
                batchBytes += next.bytes();
                next = commands.peek();
            }
            bytes -= batchBytes;
            isTaken = true;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** What was taken last has been handed on. */
    void settled() {
        lock.lock();
        try {
            isTaken = false;
            if (!commands.isEmpty() || closedBecause != null) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits, once this is closed, until nobody has a batch in hand. */
    void awaitSettled(Duration patience) {
        long nanosLeft = patience.toNanos();
        lock.lock();
        try {
            while (isTaken && nanosLeft > 0) {
                nanosLeft = changed.awaitNanos(nanosLeft);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a batch is in the taker's hands only. */
    boolean isBetween() {
        lock.lock();
        try {
            return isTaken;
        } finally {
            lock.unlock();
        }
    }

    void open() {
        lock.lock();
        try {
            closedBecause = null;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses what comes from now on and fails what waits, for the same reason. */
    void close(Supplier<LogException> reason) {
        List<PendingCommand> refused;
        lock.lock();
        try {
            closedBecause = reason;
            refused = List.copyOf(commands);
            commands.clear();
            bytes = 0;
        } finally {
            lock.unlock();
        }
        refused.forEach(command -> command.reply().completeExceptionally(reason.get()));
    }

    int size() {
        lock.lock();
        try {
            return commands.size();
        } finally {
            lock.unlock();
        }
    }
}
