package io.statehouse.cluster.check;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.Supplier;

/** Prints what a check cost this thread, whatever else the machine was doing. */
public final class CpuTime {
    private static final double NANOS_PER_SECOND = 1e9;

    private CpuTime() {}

    public static <T> T of(String what, Supplier<T> work) {
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        T result = work.get();
        double seconds = (threads.getCurrentThreadCpuTime() - before) / NANOS_PER_SECOND;
        System.out.println(String.format(Locale.ROOT, "%s: %.2f s of CPU", what, seconds));
        return result;
    }
}
