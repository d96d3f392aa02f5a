package io.statehouse.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for conditions, each with a deadline. */
public final class Await {
    private static final long POLL_MILLIS = 20;

    private Await() {}

    /** Waits until the condition holds; says what was waited for when it does not in time. */
    public static void until(String what, Duration atMost, Supplier<Boolean> condition) {
        value(what, atMost, () -> condition.get() ? Boolean.TRUE : null);
    }

    /** Waits for the first answer that is not null. */
    public static <T> T value(String what, Duration atMost, Supplier<? extends @Nullable T> question) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            var answer = question.get();
            if (answer != null) {
                return answer;
            }
            if (System.nanoTime() >= deadline) {
                throw new AssertionError("not within " + atMost.toMillis() + " ms: " + what);
            }
            pause(Duration.ofMillis(POLL_MILLIS));
        }
    }

    /** Lets time pass where time itself is the condition, such as between two faults. */
    public static void pause(Duration time) {
        try {
            new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
