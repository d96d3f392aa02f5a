package io.statehouse.cli;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Counts what happened within the measured window of a load run.
 *
 * <p>An operation belongs to the window when it began in it: its latency counts however late it ends. Throughput counts
 * what succeeded before the window's end. The write gap looks at every successful write, the last of the warm-up included.
 */
final class BenchTally {
    private static final long LATENCY_MAX_NANOS = 3_600_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    /** One kind of operation. */
    static final class Kind {
        private final Histogram latencies = new Histogram(LATENCY_MAX_NANOS, SIGNIFICANT_DIGITS);
        private final Map<String, Long> errors = new TreeMap<>();
        private long succeededInWindow;

        Histogram latencies() {
            return latencies;
        }

        Map<String, Long> errors() {
            return errors;
        }

        long succeededInWindow() {
            return succeededInWindow;
        }
    }

    /** The longest time without a successful write: how long it was, and how long after the window's start it began. */
    record Gap(long nanos, long beganNanos) {}

    private final long windowStart;
    private final long windowEnd;
    // All below is guarded by this: a few I/O threads report, and a report takes well under a microsecond.
    private final Kind reads = new Kind();
    private final Kind writes = new Kind();
    private long readsOfNothing;
    private long lastWrite;
    private Gap longestGap = new Gap(0, 0);

    /** A window between two values of {@link System#nanoTime}. */
    BenchTally(long windowStart, long windowEnd) {
        this.windowStart = windowStart;
        this.windowEnd = windowEnd;
        this.lastWrite = windowStart;
    }

    synchronized void readEnded(long began, long ended, boolean foundSomething) {
        succeeded(reads, began, ended);
        if (!foundSomething && isInWindow(began)) {
            readsOfNothing++;
        }
    }

    synchronized void writeEnded(long began, long ended) {
        succeeded(writes, began, ended);
        noteWrite(ended);
    }

    synchronized void failed(boolean isRead, long began, String kindOfError) {
        if (isInWindow(began)) {
            (isRead ? reads : writes).errors.merge(kindOfError, 1L, Long::sum);
        }
    }

    /** Ends the last gap with the window. To be called once, after the last operation. */
    synchronized BenchTally ended() {
        noteWrite(windowEnd);
        return this;
    }

    synchronized Kind reads() {
        return reads;
    }

    synchronized Kind writes() {
        return writes;
    }

    synchronized long readsOfNothing() {
        return readsOfNothing;
    }

    synchronized Gap writeGap() {
        return longestGap;
    }

    double seconds() {
        return (windowEnd - windowStart) / 1e9;
    }

    private void succeeded(Kind kind, long began, long ended) {
        if (isInWindow(began)) {
            kind.latencies.recordValue(Math.min(Math.max(ended - began, 0), LATENCY_MAX_NANOS));
        }
        if (isInWindow(ended)) {
            kind.succeededInWindow++;
        }
    }

    // The time is taken before the lock, so writes may report out of order; and a gap ends with the window at the
    // latest.
    private void noteWrite(long at) {
        long end = windowEnd - at < 0 ? windowEnd : at;
        long gap = end - lastWrite;
        if (gap > longestGap.nanos()) {
            longestGap = new Gap(gap, lastWrite - windowStart);
        }
        if (gap > 0) {
            lastWrite = end;
        }
    }

    private boolean isInWindow(long time) {
        return time - windowStart >= 0 && time - windowEnd < 0;
    }
}
