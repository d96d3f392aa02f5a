package io.statehouse.client;

/**
 * What a namespace may take of what all share, and takes.
 *
 * @param bytesMax of the keys and values that it holds now; 0 = not bounded
 * @param agentsMax agents that it lists; 0 = not bounded
 * @param operationsPerSecondMax operations of its transactions; 0 = not bounded
 * @param bytes that it takes
 * @param agents that it lists
 * @param isCounted whether the numbers hold everything: only then the quota binds
 */
public record NamespaceQuota(
        String namespace,
        long bytesMax,
        long agentsMax,
        long operationsPerSecondMax,
        long bytes,
        long agents,
        boolean isCounted) {}
