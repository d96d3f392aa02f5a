package io.statehouse.raft;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition of Ratis that nobody signals. */
final class Pause {
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    private Pause() {}

    /** Waits for so long; false when the thread was interrupted meanwhile. */
    static boolean isOver(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
        }
        return true;
    }

    /** Returns when the condition holds, and throws the given failure when it does not by the deadline. */
    static void until(long deadlineNanos, BooleanSupplier condition, Supplier<LogException> failure)
            throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw failure.get();
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
