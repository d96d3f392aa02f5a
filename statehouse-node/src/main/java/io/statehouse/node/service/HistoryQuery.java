package io.statehouse.node.service;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.history.JournalQuery;

/**
 * Which events a caller wants to see again.
 *
 * @param from first commit_ts, inclusive; 0 = the first that retention keeps
 * @param to last commit_ts, inclusive
 * @param limit at most this many events
 */
public record HistoryQuery(
        JournalQuery.Scope scope,
        CommitTs from,
        CommitTs to,
        boolean isReverse,
        long limit,
        HistoryFilter filter,
        ReadPoint point) {
    /** The bound that stands for none. */
    public static final CommitTs UNBOUNDED = new CommitTs(Long.MAX_VALUE);
}
