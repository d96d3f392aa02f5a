package io.statehouse.cluster.bench.time;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long a call takes, of many calls one after another. */
record Repeated(double medianMillis, double p99Millis) {
    private static final int WARM_UP = 200;
    private static final int COUNTED = 500;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MEDIAN = 0.5;
    private static final double SLOW = 0.99;

    static Repeated of(Runnable call) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < WARM_UP + COUNTED; i++) {
            long began = System.nanoTime();
            call.run();
            if (i >= WARM_UP) {
                nanos.add(System.nanoTime() - began);
            }
        }
        Collections.sort(nanos);
        return new Repeated(at(nanos, MEDIAN), at(nanos, SLOW));
    }

    private static double at(List<Long> sorted, double share) {
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1) / NANOS_PER_MILLI;
    }
}
