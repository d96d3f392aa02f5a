package io.statehouse.client;

/**
 * What a namespace keeps of its past.
 *
 * @param namespace the namespace
 * @param policy how much
 * @param floorTs the oldest commit as of which it can be read; 0 = all of them
 * @param readTs the last commit that the answering node had applied
 */
public record Retention(String namespace, RetentionPolicy policy, long floorTs, long readTs) {}
