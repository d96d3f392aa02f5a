package io.statehouse.statemachine.storage;

/** A key of a table and what is stored under it. The arrays are not copied; do not change them. */
@SuppressWarnings("ArrayRecordComponent") // never compared: a pair of arrays on its way from a table to a codec
public record Row(byte[] key, byte[] value) {}
