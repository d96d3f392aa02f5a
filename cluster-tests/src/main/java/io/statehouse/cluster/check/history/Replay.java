package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.CommitTs;
import java.util.List;

/**
 * A node's journal from the first commit on.
 *
 * @param askedNanos when it was asked for: it holds everything acknowledged before
 * @param lastTs the commit it reaches to
 */
public record Replay(String node, long askedNanos, CommitTs lastTs, List<ReplayedCommit> commits) {
    public Replay {
        commits = List.copyOf(commits);
    }
}
