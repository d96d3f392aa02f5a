package io.statehouse.statemachine.command;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;

/** One change of one key that a transaction asks for. */
public sealed interface Operation {
    Key key();

    /**
     * Gives the key a value.
     *
     * @param ttlMillis how long it holds it, counted from the commit's wall time; 0 = until it is written again
     */
    record Put(Key key, Json value, long ttlMillis) implements Operation {
        public Put(Key key, Json value) {
            this(key, value, 0);
        }
    }

    /** Takes the key's value away; a delete of a key without one makes a version too. */
    record Delete(Key key) implements Operation {}
}
