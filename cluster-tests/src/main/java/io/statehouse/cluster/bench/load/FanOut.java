package io.statehouse.cluster.bench.load;

import io.statehouse.cluster.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * One writer at a fixed rate, and watchers who are all told of every change: a delivery's latency begins with the write and ends
 * with a watcher who knows of it.
 */
public final class FanOut {
    /** Changes in a second. */
    public static final int RATE = 100;

    private static final long PERIOD_NANOS = 1_000_000_000L / RATE;
    private static final Duration DRAIN_MAX = Duration.ofSeconds(40);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(5);

    private final Watched watched;
    private final Tally tally;
    private final long end;
    private final AtomicLong written = new AtomicLong();
    private final LongAdder delivered = new LongAdder();
    private final AtomicBoolean isOver = new AtomicBoolean();

    private FanOut(Watched watched, Tally tally, long end) {
        this.watched = watched;
        this.tally = tally;
        this.end = end;
    }

    /** Runs a drill to its end; its callers are the watchers. */
    public static Sample run(Drill drill, Watched watched) {
        List<Watcher> watchers = new ArrayList<>();
        try {
            for (int i = 0; i < drill.callers(); i++) {
                watchers.add(watched.watcher(i));
            }
            long start = System.nanoTime() + drill.warmup().toNanos();
            long end = start + drill.measured().toNanos();
            return new FanOut(watched, new Tally(start, end), end).run(start, watchers);
        } catch (Exception e) {
            throw new IllegalStateException("the watches could not be run: " + e, e);
        } finally {
            watchers.forEach(Watcher::close);
        }
    }

    private Sample run(long start, List<Watcher> watchers) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Watcher watcher : watchers) {
            threads.add(Thread.ofVirtual().name("bench-watcher").start(() -> watch(watcher)));
        }
        threads.add(Thread.ofVirtual().name("bench-writer").start(this::write));
        Await.pause(Duration.ofNanos(Math.max(0, start - System.nanoTime())));
        var cpu = new CpuClock();
        Await.pause(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        CpuShare share = cpu.elapsed();
        Thread writer = threads.removeLast();
        if (!writer.join(DRAIN_MAX)) {
            throw new IllegalStateException("a write is still under way long after its time");
        }
        long missing = drain(watchers.size());
        isOver.set(true);
        for (Thread thread : threads) {
            if (!thread.join(DRAIN_MAX)) {
                throw new IllegalStateException("a watcher still waits long after its time");
            }
        }
        var lost = new IllegalStateException(missing + " deliveries have not come");
        for (long i = 0; i < missing; i++) {
            tally.failed(start, lost);
        }
        return tally.sampleOfDeliveries(share);
    }

    /** Waits for what is on its way; returns how much never came. */
    private long drain(int watchers) {
        long expected = written.get() * watchers;
        long last = System.nanoTime() + DRAIN_MAX.toNanos();
        while (delivered.sum() < expected && System.nanoTime() - last < 0) {
            Await.pause(LOOK_INTERVAL);
        }
        return Math.max(0, expected - delivered.sum());
    }

    private void watch(Watcher watcher) {
        try {
            while (!isOver.get()) {
                watcher.poll(began -> {
                    tally.succeeded(began, System.nanoTime(), 1);
                    delivered.increment();
                });
            }
        } catch (Exception e) {
            tally.failed(System.nanoTime(), e);
        }
    }

    // A write does not wait for the one before it: what is slow to acknowledge gets as many as what is fast.
    private void write() {
        try (var writes = Executors.newVirtualThreadPerTaskExecutor()) {
            long due = System.nanoTime();
            for (long now = due; now - end < 0; now = System.nanoTime()) {
                if (now - due < 0) {
                    Await.pause(Duration.ofNanos(due - now));
                }
                writes.execute(this::change);
                due += PERIOD_NANOS;
            }
        }
    }

    private void change() {
        long began = System.nanoTime();
        try {
            watched.change(began);
            written.incrementAndGet();
        } catch (Exception e) {
            tally.failed(began, e);
        }
    }
}
