package io.statehouse.cluster.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/** How long nobody's write was answered around each fault. */
final class WriteGaps {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** The moments between which a fault was in force. */
    record Fault(long beganNanos, long endedNanos) {}

    private record Gap(long millis, Fault fault) {}

    private final long[] sortedMillis;
    private final Fault worst;

    /** Measures, for each fault, the longest time between two answers that overlaps it. */
    WriteGaps(long[] acknowledgements, List<Fault> faults) {
        List<Gap> gaps = faults.stream()
                .map(fault -> new Gap(longest(acknowledgements, fault), fault))
                .sorted(Comparator.comparingLong(Gap::millis))
                .toList();
        this.sortedMillis = gaps.stream().mapToLong(Gap::millis).toArray();
        this.worst = gaps.get(gaps.size() - 1).fault();
    }

    private static long longest(long[] acknowledgements, Fault fault) {
        var gaps = new ArrayList<Long>();
        for (int i = 1; i < acknowledgements.length; i++) {
            if (acknowledgements[i] > fault.beganNanos() && acknowledgements[i - 1] < fault.endedNanos()) {
                gaps.add((acknowledgements[i] - acknowledgements[i - 1]) / NANOS_PER_MILLI);
            }
        }
        return gaps.stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    /** The smallest gap that at least this share of the faults did not exceed. */
    long percentile(double share) {
        return sortedMillis[(int) Math.ceil(share * sortedMillis.length) - 1];
    }

    /** The fault with the longest gap. */
    Fault worst() {
        return worst;
    }

    long max() {
        return sortedMillis[sortedMillis.length - 1];
    }

    @Override
    public String toString() {
        return sortedMillis.length + " times, write gap p50 " + percentile(0.50) + " ms, p90 " + percentile(0.90)
                + " ms, p99 " + percentile(0.99) + " ms, max " + max() + " ms, all of them "
                + Arrays.toString(LongStream.of(sortedMillis).toArray());
    }
}
