package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;

/** The newest version of a key without its value: all that a decision needs to know. */
public record KeyHead(long version, CommitTs commitTs, boolean hasValue) {
    /** A key that was never written. */
    public static final KeyHead NEVER = new KeyHead(0, CommitTs.ZERO, false);
}
