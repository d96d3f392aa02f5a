package io.statehouse.statemachine.command;

import io.statehouse.statemachine.TxnId;

/** Tell the fate of a transaction id and, if it has none yet, abort it for good. */
public record ResolveTransaction(TxnId txnId) implements Command {}
