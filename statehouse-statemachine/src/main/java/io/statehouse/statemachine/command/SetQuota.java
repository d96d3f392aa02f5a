package io.statehouse.statemachine.command;

import io.statehouse.statemachine.Quota;
import io.statehouse.statemachine.TxnId;

/** From now on the namespace may take so much. What it has beyond that it keeps. */
public record SetQuota(TxnId txnId, String namespace, Quota quota) implements Command {}
