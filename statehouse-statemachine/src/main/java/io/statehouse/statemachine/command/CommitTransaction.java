package io.statehouse.statemachine.command;

import io.statehouse.statemachine.TxnId;
import java.util.List;

/** Apply all operations as one commit if all conditions hold, else nothing. */
public record CommitTransaction(
        TxnId txnId, List<Operation> operations, List<Condition> conditions, List<ReadRecord> readSet, Origin origin)
        implements Command {
    public CommitTransaction {
        operations = List.copyOf(operations);
        conditions = List.copyOf(conditions);
        readSet = List.copyOf(readSet);
    }
}
