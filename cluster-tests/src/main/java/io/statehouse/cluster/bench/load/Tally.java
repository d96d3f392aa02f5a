package io.statehouse.cluster.bench.load;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happened in the measured time. An operation has a latency if it began then, however late it ended, and counts
 * as throughput if it ended then.
 */
public final class Tally {
    private static final long LATENCY_MAX_NANOS = 600_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double P50 = 50;
    private static final double P99 = 99;

    private final long start;
    private final long end;
    private final Histogram latencies = new ConcurrentHistogram(LATENCY_MAX_NANOS, SIGNIFICANT_DIGITS);
    private final LongAdder doneInTime = new LongAdder();
    private final LongAdder doneByThoseBegun = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final AtomicReference<@Nullable Exception> firstFailure = new AtomicReference<>();

    /** The measured time lies between two values of {@link System#nanoTime}. */
    public Tally(long start, long end) {
        this.start = start;
        this.end = end;
    }

    /** An operation succeeded and did so many things. */
    public void succeeded(long began, long ended, long things) {
        if (isIn(began)) {
            latencies.recordValue(Math.clamp(ended - began, 0, LATENCY_MAX_NANOS));
            doneByThoseBegun.add(things);
            waitedNanos.add(ended - began);
        }
        if (isIn(ended)) {
            doneInTime.add(things);
        }
    }

    /** An operation failed. */
    public void failed(long began, Exception failure) {
        firstFailure.compareAndSet(null, failure);
        if (isIn(began)) {
            failures.increment();
        }
    }

    /**
     * All of it.
     *
     * @throws IllegalStateException if nothing succeeded; a figure of zero would say something about speed
     */
    public Sample sample(int callers, CpuShare cpu) {
        return sample(perSecond(callers), cpu);
    }

    /**
     * All of it, where nobody waits for one thing before another begins.
     *
     * @throws IllegalStateException if nothing succeeded
     */
    public Sample sampleOfDeliveries(CpuShare cpu) {
        return sample(ratePerSecond(), cpu);
    }

    private Sample sample(double perSecond, CpuShare cpu) {
        if (latencies.getTotalCount() == 0) {
            throw new IllegalStateException("no operation succeeded", firstFailure.get());
        }
        return new Sample(
                perSecond,
                latencies.getValueAtPercentile(P50) / NANOS_PER_MILLI,
                latencies.getValueAtPercentile(P99) / NANOS_PER_MILLI,
                failures.sum(),
                cpu);
    }

    // One caller's operations may be long: the one that is cut off by the end would be a large part of all.
    private double perSecond(int callers) {
        return callers == 1 ? doneByThoseBegun.sum() * 1e9 / Math.max(1, waitedNanos.sum()) : ratePerSecond();
    }

    private double ratePerSecond() {
        return doneInTime.sum() * 1e9 / (end - start);
    }

    private boolean isIn(long time) {
        return time - start >= 0 && time - end < 0;
    }
}
