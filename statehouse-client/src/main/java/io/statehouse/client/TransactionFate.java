package io.statehouse.client;

import org.jspecify.annotations.Nullable;

/**
 * What became of a transaction id.
 *
 * @param transactionId the id
 * @param status what is known of it
 * @param result the commit's answer; set when {@link Status#COMMITTED}
 * @param refusal why nothing was applied; set when {@link Status#REFUSED}
 */
public record TransactionFate(
        String transactionId,
        Status status,
        @Nullable CommitResult result,
        StatehouseException.@Nullable Refused refusal) {
    /** What is known of a transaction id. */
    public enum Status {
        /** No fate is known: never seen, still on its way, or forgotten (the server keeps ids for 24 hours). */
        UNKNOWN,
        /** Staged on a node by one of the published verbs; neither committed nor aborted. */
        STAGED,
        /** Applied, for good. */
        COMMITTED,
        /** Not applied, and never will be. */
        ABORTED,
        /** Decided and not applied: a condition did not hold or a limit was passed. */
        REFUSED
    }
}
