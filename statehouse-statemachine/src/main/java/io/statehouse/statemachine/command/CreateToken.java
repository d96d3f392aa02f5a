package io.statehouse.statemachine.command;

import io.statehouse.statemachine.AccessToken;
import io.statehouse.statemachine.TxnId;

/** From now on whoever shows the secret is who the token says. Another token of the name must not exist. */
public record CreateToken(TxnId txnId, AccessToken token) implements Command {}
