package io.statehouse.cluster.check.linear;

/**
 * An operation and its window.
 *
 * @param isRequired whether it is known to have happened; otherwise it may, at any time after its call, or never
 */
record Timed<O>(O operation, long callNanos, long returnNanos, boolean isRequired) {}
