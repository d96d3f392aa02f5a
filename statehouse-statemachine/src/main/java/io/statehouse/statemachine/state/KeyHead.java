package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.event.Event;

/**
 * The newest version of a key without its value: all that a decision needs to know.
 *
 * @param expiresMillis the wall time from which on it holds no value; 0 = none
 */
public record KeyHead(long version, CommitTs commitTs, boolean hasValue, long expiresMillis) {
    /** A key that was never written. */
    public static final KeyHead NEVER = new KeyHead(0, CommitTs.ZERO, false);

    /** What an event made the newest version of its key. */
    public static KeyHead of(Event event, CommitTs commitTs) {
        return switch (event) {
            case Event.EntryPut put -> new KeyHead(put.version(), commitTs, true, put.expiresMillis());
            case Event.EntryDeleted deleted -> new KeyHead(deleted.version(), commitTs, false);
            case Event.EntryErased erased -> throw new IllegalArgumentException("an erased version is no head");
        };
    }

    public KeyHead(long version, CommitTs commitTs, boolean hasValue) {
        this(version, commitTs, hasValue, 0);
    }

    /** Whether the key holds a value at a wall time: a deadline ends it, also where the event of it is yet to come. */
    public boolean hasValue(long wallMillis) {
        return hasValue && (expiresMillis == 0 || expiresMillis > wallMillis);
    }
}
