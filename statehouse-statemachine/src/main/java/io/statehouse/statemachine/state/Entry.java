package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.TxnId;
import org.jspecify.annotations.Nullable;

/**
 * What a key holds, with the numbers that made it; without a value it is a tombstone.
 *
 * @param expiresMillis the wall time from which on views show it without its value; 0 = none
 */
public record Entry(
        @Nullable Json value, long version, CommitTs commitTs, long wallMillis, TxnId txnId, long expiresMillis) {
    /** An entry without a deadline. */
    public Entry(@Nullable Json value, long version, CommitTs commitTs, long wallMillis, TxnId txnId) {
        this(value, version, commitTs, wallMillis, txnId, 0);
    }

    /** What is left of it at a wall time: a tombstone once its deadline has come. */
    public Entry at(long nowMillis) {
        return expiresMillis == 0 || expiresMillis > nowMillis
                ? this
                : new Entry(null, version, commitTs, wallMillis, txnId, expiresMillis);
    }

    public boolean isTombstone() {
        return value == null;
    }
}
