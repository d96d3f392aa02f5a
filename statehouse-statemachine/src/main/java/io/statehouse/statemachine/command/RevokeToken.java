package io.statehouse.statemachine.command;

import io.statehouse.statemachine.TxnId;

/**
 * From now on the token of a name is worth nothing. One that does not exist is no error.
 *
 * @param secretSha256 which one: another token may have got the name meanwhile; empty = whichever has it
 */
public record RevokeToken(TxnId txnId, String name, String secretSha256) implements Command {}
