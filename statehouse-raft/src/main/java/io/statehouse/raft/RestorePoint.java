package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;

/** How much of a backup a restored cluster begins with. */
public sealed interface RestorePoint {
    /** All of it. */
    record End() implements RestorePoint {}

    /** What it was right after a commit. */
    record AtCommit(CommitTs at) implements RestorePoint {}

    /**
     * What it was after the latest commit at or before an instant.
     *
     * @param wallMillis milliseconds since 1970
     */
    record AtTime(long wallMillis) implements RestorePoint {}
}
