package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.CommitTs;

/** Which state a read asks for. */
public sealed interface ReadPoint {
    ReadPoint LATEST = new Latest();
    ReadPoint LOCAL = new Local();

    /** Everything acknowledged before the read began: the linearizable read. */
    record Latest() implements ReadPoint {}

    /** At least this commit. */
    record AtLeast(CommitTs commitTs) implements ReadPoint {}

    /** Whatever the node has applied. */
    record Local() implements ReadPoint {}

    /** The state as of this commit. */
    record AtCommit(CommitTs commitTs) implements ReadPoint {}
}
