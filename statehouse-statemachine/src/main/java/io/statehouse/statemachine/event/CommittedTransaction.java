package io.statehouse.statemachine.event;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import java.util.List;

/** The events of one commit with what is known of it. One row of the journal. */
public record CommittedTransaction(
        CommitTs commitTs, long wallMillis, TxnId txnId, List<Event> events, List<ReadRecord> readSet, Origin origin) {
    public CommittedTransaction {
        events = List.copyOf(events);
        readSet = List.copyOf(readSet);
    }
}
