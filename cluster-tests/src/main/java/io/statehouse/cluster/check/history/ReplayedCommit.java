package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.event.Event;
import java.util.List;

/** One commit as a replay or a watch delivers it. */
public record ReplayedCommit(CommitTs commitTs, long wallMillis, TxnId txnId, List<Event> events) {
    public ReplayedCommit {
        events = List.copyOf(events);
    }
}
