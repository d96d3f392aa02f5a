package io.statehouse.cluster.chaos.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Where moments lie on the page.
 *
 * @param fromNanos the moment at the left edge
 * @param toNanos the moment at the right edge
 */
record Scale(long fromNanos, long toNanos) {
    /** The drawing's size and the margins of its time axis, in pixels. */
    static final double WIDTH = 1260;

    static final double LEFT = 118;
    static final double RIGHT = WIDTH - 14;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final int TICKS_MAX = 14;
    private static final List<Integer> STEPS = List.of(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200);

    double x(long nanos) {
        long inside = Math.clamp(nanos, fromNanos, toNanos);
        return LEFT + (RIGHT - LEFT) * (inside - fromNanos) / Math.max(1, toNanos - fromNanos);
    }

    double seconds(long nanos) {
        return (nanos - fromNanos) / NANOS_PER_SECOND;
    }

    double totalSeconds() {
        return seconds(toNanos);
    }

    /** The full seconds that are worth a line. */
    List<Long> ticks() {
        double total = totalSeconds();
        long step = STEPS.stream()
                .filter(known -> total / known <= TICKS_MAX)
                .findFirst()
                .orElse(STEPS.getLast());
        List<Long> ticks = new ArrayList<>();
        LongStream.iterate(0, at -> at <= total, at -> at + step).forEach(ticks::add);
        return ticks;
    }

    long nanosAt(long seconds) {
        return fromNanos + (long) (seconds * NANOS_PER_SECOND);
    }
}
