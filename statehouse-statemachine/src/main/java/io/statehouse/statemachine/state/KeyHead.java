package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;

/**
 * The newest version of a key without its value: all that a decision needs to know.
 *
 * @param expiresMillis the wall time from which on it holds no value; 0 = none
 */
public record KeyHead(long version, CommitTs commitTs, boolean hasValue, long expiresMillis) {
    /** A key that was never written. */
    public static final KeyHead NEVER = new KeyHead(0, CommitTs.ZERO, false);

    public KeyHead(long version, CommitTs commitTs, boolean hasValue) {
        this(version, commitTs, hasValue, 0);
    }

    /** Whether the key holds a value at a wall time: a deadline ends it, also where the event of it is yet to come. */
    public boolean hasValue(long wallMillis) {
        return hasValue && (expiresMillis == 0 || expiresMillis > wallMillis);
    }
}
