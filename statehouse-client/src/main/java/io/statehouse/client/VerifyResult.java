package io.statehouse.client;

/**
 * What the proof of a node's store came to.
 *
 * @param intact whether every event, the chain over them and all rows derived from them agree
 * @param verifiedTs the last commit found right
 * @param firstBadTs the first commit that does not agree; 0 = all do
 * @param reason what does not agree; "" = all does
 * @param chainHash hash of the chain at {@code verifiedTs}, in hexadecimal digits; equal on equal nodes
 * @param digest hash of the state, in hexadecimal digits; equal on equal nodes at the same commit
 */
public record VerifyResult(
        boolean intact, long verifiedTs, long firstBadTs, String reason, String chainHash, String digest) {}
