package io.statehouse.statemachine.event;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;

/** A fact about one key. The only thing that changes state. */
public sealed interface Event {
    Key key();

    /** The key's version after this event. */
    long version();

    /** The key got a value. */
    record EntryPut(Key key, long version, Json value) implements Event {}

    /** The key lost its value, or was marked deleted without having had one. */
    record EntryDeleted(Key key, long version) implements Event {}
}
