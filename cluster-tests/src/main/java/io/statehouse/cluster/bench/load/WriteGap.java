package io.statehouse.cluster.bench.load;

import io.statehouse.cluster.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Measures how long nobody's write is acknowledged around a fault, under the load of callers that try again and again. */
public final class WriteGap {
    private static final long FLOWING = 200;
    private static final Duration FLOWING_MAX = Duration.ofSeconds(30);
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(60);
    /** How long traffic is watched after the first new write: what stumbles once more is still the same fault. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private final AtomicBoolean isOver = new AtomicBoolean();
    // All below is guarded by this.
    private long acknowledged;
    private long last = System.nanoTime();
    private long longest;
    private long struck = Long.MAX_VALUE;
    private boolean hasRecovered;

    private WriteGap() {}

    /** Runs the load, strikes once it flows, and returns the longest time between two acknowledgements from then on. */
    public static Duration around(List<Caller> callers, Runnable strike) {
        return new WriteGap().measure(callers, strike);
    }

    private Duration measure(List<Caller> callers, Runnable strike) {
        List<Thread> threads = new ArrayList<>();
        try {
            for (Caller caller : callers) {
                threads.add(Thread.ofVirtual().name("bench-writer").start(() -> repeat(caller)));
            }
            Await.until("writes flow", FLOWING_MAX, () -> acknowledged() >= FLOWING);
            begin();
            strike.run();
            hasStruck();
            Await.until("a write that began after the fault is acknowledged", RECOVERY_MAX, this::hasRecovered);
            Await.pause(AFTERWARDS);
            return Duration.ofNanos(longest());
        } finally {
            isOver.set(true);
            threads.forEach(WriteGap::join);
        }
    }

    private static void join(Thread thread) {
        try {
            if (!thread.join(RECOVERY_MAX)) {
                throw new IllegalStateException("a write is still under way long after its time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writers were ending", e);
        }
    }

    private void repeat(Caller caller) {
        while (!isOver.get()) {
            long began = System.nanoTime();
            try {
                long unused = caller.call();
                acknowledge(began, System.nanoTime());
            } catch (Exception e) {
                // A write that failed or whose outcome is unknown: the caller goes on with another one.
                Thread.onSpinWait();
            }
        }
    }

    private synchronized void begin() {
        longest = 0;
    }

    /** Only from now on a write is one after the fault: whom to strike is looked up first, while writes still flow. */
    private synchronized void hasStruck() {
        struck = System.nanoTime();
    }

    private synchronized void acknowledge(long began, long ended) {
        acknowledged++;
        longest = Math.max(longest, ended - last);
        last = Math.max(last, ended);
        hasRecovered |= struck != Long.MAX_VALUE && began - struck > 0;
    }

    private synchronized long acknowledged() {
        return acknowledged;
    }

    private synchronized boolean hasRecovered() {
        return hasRecovered;
    }

    private synchronized long longest() {
        return longest;
    }
}
