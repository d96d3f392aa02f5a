package io.statehouse.statemachine.command;

import io.statehouse.statemachine.Key;

/** A key and the version of it that the caller had read when it decided; version 0 = the key had never been written. */
public record ReadRecord(Key key, long version) {}
