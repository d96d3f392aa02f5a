package io.statehouse.statemachine.command;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;

/** What must hold at the moment of commit. */
public sealed interface Condition {
    /** What it is about; a whole agent is a key of it without a name. */
    Key key();

    /** The key's latest version, deletes counted; 0 = never written. */
    record VersionEquals(Key key, long version) implements Condition {}

    /** The key holds a value. */
    record Exists(Key key) implements Condition {}

    /** The key holds no value. */
    record Absent(Key key) implements Condition {}

    /** No operation on the key after this commit. */
    record UnchangedSince(Key key, CommitTs commitTs) implements Condition {}

    /** No operation on any key of the agent after this commit, keys that were not there then among them. */
    record AgentUnchangedSince(Agent agent, CommitTs commitTs) implements Condition {
        @Override
        public Key key() {
            return agent.key("");
        }
    }
}
