package io.statehouse.statemachine.state;

/** An entry of a listing with the name of its key. */
public record NamedEntry(String name, Entry entry) {}
