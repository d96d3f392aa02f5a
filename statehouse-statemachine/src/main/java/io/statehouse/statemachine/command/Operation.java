package io.statehouse.statemachine.command;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;

/** One change of one key that a transaction asks for. */
public sealed interface Operation {
    Key key();

    /** Gives the key a value. */
    record Put(Key key, Json value) implements Operation {}

    /** Takes the key's value away; a delete of a key without one makes a version too. */
    record Delete(Key key) implements Operation {}
}
