package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.TxnId;
import org.jspecify.annotations.Nullable;

/** What a key holds, with the numbers that made it; without a value it is a tombstone. */
public record Entry(@Nullable Json value, long version, CommitTs commitTs, long wallMillis, TxnId txnId) {
    public boolean isTombstone() {
        return value == null;
    }
}
