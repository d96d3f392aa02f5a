package io.statehouse.cluster.bench.load;

import java.time.Duration;

/**
 * How a load is run once.
 *
 * @param callers operations under way all the time
 * @param warmup how long it runs before anything counts
 * @param measured how long what begins is counted
 */
public record Drill(int callers, Duration warmup, Duration measured) {
    /** Checks the numbers. */
    public Drill {
        if (callers < 1 || measured.isZero() || measured.isNegative() || warmup.isNegative()) {
            throw new IllegalArgumentException(
                    "a drill needs a caller and a time, not " + callers + " and " + measured);
        }
    }

    /** The measured time in seconds. */
    public double seconds() {
        return measured.toNanos() / 1e9;
    }
}
