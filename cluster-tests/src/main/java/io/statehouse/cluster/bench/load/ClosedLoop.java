package io.statehouse.cluster.bench.load;

import io.statehouse.cluster.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a number of operations under way: each caller is a virtual thread that begins its next operation when the last one
 * was answered. The same for every system, so that what it costs is the same for all.
 */
public final class ClosedLoop {
    /** How long the last operations may take after their time. */
    private static final Duration DRAIN_MAX = Duration.ofSeconds(60);

    private ClosedLoop() {}

    /** Runs a drill to its end. */
    public static Sample run(Drill drill, Callers callers) {
        List<Caller> made = new ArrayList<>();
        try {
            for (int i = 0; i < drill.callers(); i++) {
                made.add(callers.caller(i));
            }
            return run(drill, made);
        } catch (Exception e) {
            throw new IllegalStateException("the load could not be run: " + e, e);
        } finally {
            made.forEach(Caller::close);
        }
    }

    private static Sample run(Drill drill, List<Caller> callers) throws InterruptedException {
        long start = System.nanoTime() + drill.warmup().toNanos();
        long end = start + drill.measured().toNanos();
        var tally = new Tally(start, end);
        List<Thread> threads = callers.stream()
                .map(caller -> Thread.ofVirtual().name("bench-caller").start(() -> repeat(caller, end, tally)))
                .toList();
        Await.pause(Duration.ofNanos(Math.max(0, start - System.nanoTime())));
        var cpu = new CpuClock();
        Await.pause(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        CpuShare share = cpu.elapsed();
        for (Thread thread : threads) {
            if (!thread.join(DRAIN_MAX)) {
                throw new IllegalStateException("an operation is still under way long after its time");
            }
        }
        return tally.sample(drill.callers(), share);
    }

    private static void repeat(Caller caller, long end, Tally tally) {
        for (long began = System.nanoTime(); began - end < 0; began = System.nanoTime()) {
            try {
                long things = caller.call();
                tally.succeeded(began, System.nanoTime(), things);
            } catch (Exception e) {
                tally.failed(began, e);
            }
        }
    }
}
