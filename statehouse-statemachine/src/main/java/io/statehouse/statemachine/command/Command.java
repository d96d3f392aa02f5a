package io.statehouse.statemachine.command;

import io.statehouse.statemachine.TxnId;

/** What a caller may ask of the replicated state. */
public sealed interface Command permits CommitTransaction, ResolveTransaction {
    TxnId txnId();
}
