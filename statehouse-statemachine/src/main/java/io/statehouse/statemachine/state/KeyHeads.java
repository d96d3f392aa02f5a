package io.statehouse.statemachine.state;

import io.statehouse.statemachine.Key;

/** The state as a decision sees it. */
@FunctionalInterface
public interface KeyHeads {
    /** The key's newest version, {@link KeyHead#NEVER} when there is none. */
    KeyHead headOf(Key key);
}
