package io.statehouse.cluster.bench.load;

/**
 * What one run of a load came to.
 *
 * @param perSecond things done in a second
 * @param p50Millis half of the operations took at most this long
 * @param p99Millis 99 of 100 operations took at most this long
 * @param failures operations that failed
 * @param cpu whose processor time it was
 */
public record Sample(double perSecond, double p50Millis, double p99Millis, long failures, CpuShare cpu) {}
