package io.statehouse.statemachine.state;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import org.jspecify.annotations.Nullable;

/** The state as a decision sees it. */
public interface KeyHeads {
    /** The key's newest version, {@link KeyHead#NEVER} when there is none. */
    KeyHead headOf(Key key);

    /** What the key's newest version holds, its deadline not looked at; null when that is no value. */
    @Nullable
    Json valueOf(Key key);

    /** What a commit made of the first of an agent's keys that it wrote. */
    record Change(Key key, long version, CommitTs commitTs) {}

    /** The first change of an agent after a commit; null when there is none. */
    @Nullable
    Change firstChangeAfter(CommitTs commitTs, Agent agent);
}
