package io.statehouse.statemachine.command;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.state.StateDigest;

/** The leader says what digest its rows had as of a commit; a replica whose rows had another must stop. Changes nothing. */
public record CheckDigest(CommitTs commitTs, StateDigest digest) implements Command {
    private static final TxnId NO_CALLER = new TxnId("");

    @Override
    public TxnId txnId() {
        return NO_CALLER;
    }
}
