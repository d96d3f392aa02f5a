package io.statehouse.statemachine.command;

import io.statehouse.statemachine.TxnId;

/** Moves log time on, so that keys whose deadline has come lose their values although nobody writes. */
public record ExpireDue() implements Command {
    private static final TxnId NO_CALLER = new TxnId("");

    @Override
    public TxnId txnId() {
        return NO_CALLER;
    }
}
