package io.statehouse.statemachine.event;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;

/** A fact about one key. The only thing that changes state. */
public sealed interface Event {
    Key key();

    /** The key's version after this event. */
    long version();

    /**
     * The key got a value.
     *
     * @param expiresMillis the wall time from which on it does not hold it any more; 0 = it does until it is written again
     */
    record EntryPut(Key key, long version, Json value, long expiresMillis) implements Event {
        public EntryPut(Key key, long version, Json value) {
            this(key, version, value, 0);
        }

        public boolean expires() {
            return expiresMillis != 0;
        }
    }

    /**
     * The key lost its value, or was marked deleted without having had one.
     *
     * @param isExpiry its deadline had come; nobody asked for it
     */
    record EntryDeleted(Key key, long version, boolean isExpiry) implements Event {
        public EntryDeleted(Key key, long version) {
            this(key, version, false);
        }
    }

    /**
     * The key got or lost a value, which a later commit has superseded and retention has let go. Only read, never decided.
     *
     * @param wasPut it was a value; else the loss of one
     */
    record EntryErased(Key key, long version, boolean wasPut) implements Event {}
}
