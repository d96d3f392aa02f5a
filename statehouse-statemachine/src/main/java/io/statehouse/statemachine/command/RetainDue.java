package io.statehouse.statemachine.command;

import io.statehouse.statemachine.TxnId;

/** Moves log time on and works off what retention lets go, where nobody writes. */
public record RetainDue() implements Command {
    private static final TxnId NO_CALLER = new TxnId("");

    @Override
    public TxnId txnId() {
        return NO_CALLER;
    }
}
