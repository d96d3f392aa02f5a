package io.statehouse.client;

import java.time.Instant;
import java.util.List;

/**
 * A committed revert.
 *
 * @param transactionId the id it was committed under
 * @param commitTs its commit_ts
 * @param committedAt its wall-clock time, to the millisecond
 * @param changedKeys the keys it put or deleted; none if all was as asked already
 * @param replayed whether this id had been committed before and this is the answer of then
 */
public record RevertResult(
        String transactionId, long commitTs, Instant committedAt, List<String> changedKeys, boolean replayed) {
    /** Copies the list. */
    public RevertResult {
        changedKeys = List.copyOf(changedKeys);
    }
}
