package io.statehouse.statemachine;

/**
 * How much a namespace may take of what all share; 0 = there is no such bound.
 *
 * @param bytesMax of the keys and values that it holds now; what its past takes is bounded by its retention
 * @param agentsMax agents that it lists
 * @param operationsPerSecondMax operations of its transactions but those that only delete; counted by each node for what is asked of it
 */
public record Quota(long bytesMax, long agentsMax, long operationsPerSecondMax) {
    /** No bound. */
    public static final Quota NONE = new Quota(0, 0, 0);
}
