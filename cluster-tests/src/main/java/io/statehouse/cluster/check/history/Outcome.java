package io.statehouse.cluster.check.history;

/** What the caller knows of its call. */
public enum Outcome {
    /** Answered as asked. */
    OK,
    /** The server said that nothing was applied and nothing will be. */
    FAIL,
    /** Timed out, reset, or refused after it may have been sent: applied once, later, or never. */
    UNKNOWN
}
