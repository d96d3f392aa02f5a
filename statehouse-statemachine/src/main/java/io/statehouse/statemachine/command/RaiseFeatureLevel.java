package io.statehouse.statemachine.command;

import io.statehouse.statemachine.TxnId;

/**
 * From now on the log may hold every command of a {@link io.statehouse.statemachine.FeatureLevel}. A lower one than the present changes nothing. No caller
 * asks for it: the leader logs it when all members know the level.
 */
public record RaiseFeatureLevel(int level) implements Command {
    private static final TxnId NO_CALLER = new TxnId("");

    @Override
    public TxnId txnId() {
        return NO_CALLER;
    }
}
