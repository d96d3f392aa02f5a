package io.statehouse.raft;

import io.statehouse.statemachine.storage.StoreFigures;

/**
 * What a log can say of itself when it is asked.
 *
 * @param entries log entries on this disk
 * @param segmentFlushes of the Raft log to the disk since this process started; a commit waits for one on a majority
 * @param segmentFlush how long the recent ones took
 * @param elections this member has stood for since this process started
 * @param electionTimeouts how often it waited for a leader in vain since then
 */
public record LogFigures(
        long entries,
        long segmentFlushes,
        Spread segmentFlush,
        long elections,
        long electionTimeouts,
        StoreFigures store) {
    /** Of a log that is not running. */
    public static final LogFigures NONE = new LogFigures(0, 0, Spread.NONE, 0, 0, StoreFigures.NONE);

    /** How long something took lately, in seconds. */
    public record Spread(double median, double p99, double max) {
        /** Of nothing. */
        public static final Spread NONE = new Spread(0, 0, 0);
    }
}
