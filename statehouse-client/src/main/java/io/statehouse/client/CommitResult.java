package io.statehouse.client;

import java.time.Instant;
import java.util.List;

/**
 * The answer to a commit that was applied.
 *
 * @param transactionId the id it was committed under
 * @param commitTs its place in the order of all commits: the first commit of a cluster is 1, the next one 2
 * @param committedAt the wall-clock time the leader gave it, to the millisecond
 * @param versions the version each operation made, in the order of the operations
 * @param replayed true when this id had been committed before this call's answering try, and this is the answer of then
 */
public record CommitResult(
        String transactionId, long commitTs, Instant committedAt, List<Long> versions, boolean replayed) {
    /** Copies the list. */
    public CommitResult {
        versions = List.copyOf(versions);
    }
}
