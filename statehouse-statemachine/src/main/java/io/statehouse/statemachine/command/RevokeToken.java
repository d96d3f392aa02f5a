package io.statehouse.statemachine.command;

import io.statehouse.statemachine.TxnId;

/** From now on the token of a name is worth nothing. One that does not exist is no error. */
public record RevokeToken(TxnId txnId, String name) implements Command {}
