package io.statehouse.cluster.check;

/**
 * One broken promise.
 *
 * @param witness the calls that contradict one another, in words a person can follow
 */
public record Finding(Anomaly anomaly, String witness) {}
