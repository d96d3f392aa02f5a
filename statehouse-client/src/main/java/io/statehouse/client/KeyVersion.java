package io.statehouse.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of a key, and the transaction that made it.
 *
 * @param version the version, counted from 1 over puts and deletes
 * @param commitTs the commit that made it
 * @param committedAt the wall-clock time of that commit, to the millisecond
 * @param transactionId the transaction's id
 * @param origin who and what the transaction comes from
 * @param exists whether the key held a value then; false = it was deleted
 * @param value the value, where values were asked for and there is one
 */
public record KeyVersion(
        long version,
        long commitTs,
        Instant committedAt,
        String transactionId,
        Origin origin,
        boolean exists,
        @Nullable Json value) {}
