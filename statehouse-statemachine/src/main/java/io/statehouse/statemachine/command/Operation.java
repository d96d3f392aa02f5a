package io.statehouse.statemachine.command;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;

/** One change of one key that a transaction asks for. */
public sealed interface Operation {
    Key key();

    /** Gives the key a value. */
    record Put(Key key, Json value, Lifetime lifetime) implements Operation {
        public Put(Key key, Json value) {
            this(key, value, new Lifetime.Unbounded());
        }

        /** With a time to live; 0 = until it is written again. */
        public Put(Key key, Json value, long ttlMillis) {
            this(key, value, ttlMillis == 0 ? new Lifetime.Unbounded() : new Lifetime.Lasting(ttlMillis));
        }
    }

    /** Takes the key's value away; a delete of a key without one makes a version too. */
    record Delete(Key key) implements Operation {}
}
