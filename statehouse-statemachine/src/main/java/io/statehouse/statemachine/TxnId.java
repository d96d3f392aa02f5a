package io.statehouse.statemachine;

/** The caller's name for a transaction: its idempotency key. Opaque, compared by its characters. */
public record TxnId(String value) {}
