package io.statehouse.node.service;

import io.netty.util.HashedWheelTimer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends waits that take too long. One thread looks at intervals: a timer for each wait would wake a thread twice for almost every read. */
public final class Deadlines implements AutoCloseable {
    /** A wait ends so much too late at most. */
    static final Duration TICK = Duration.ofMillis(20);

    private static final int TICKS_PER_WHEEL = 512;

    private final HashedWheelTimer wheel = new HashedWheelTimer(
            Thread.ofPlatform().name("statehouse-deadlines").daemon().factory(),
            TICK.toMillis(),
            TimeUnit.MILLISECONDS,
            TICKS_PER_WHEEL);

    /** The same wait, failed with a {@link TimeoutException} when it takes longer, and by a refusal after the end. */
    <T> CompletableFuture<T> within(Duration timeout, CompletableFuture<T> wait) {
        if (wait.isDone()) {
            return wait;
        }
        var bounded = wait.copy();
        try {
            var end = wheel.newTimeout(
                    due -> bounded.completeExceptionally(new TimeoutException()),
                    timeout.toNanos(),
                    TimeUnit.NANOSECONDS);
            var unused = bounded.whenComplete((done, failure) -> end.cancel());
            return bounded;
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(Refusals.notReady("this node has stopped"));
        }
    }

    /** Waits under way are not ended any more. */
    @Override
    public void close() {
        wheel.stop();
    }
}
