package io.statehouse.statemachine.command;

import io.statehouse.statemachine.RetentionPolicy;
import io.statehouse.statemachine.TxnId;

/** From now on a namespace keeps as much of its past as the policy says. What is gone does not come back. */
public record SetRetention(TxnId txnId, String namespace, RetentionPolicy policy) implements Command {}
