package io.statehouse.cluster.check.history;

/** Which workload a call belongs to; it decides which checkers look at it. */
public enum Load {
    /** Reads, writes and conditional writes of one key each. */
    REGISTER,
    /** Unique keys put once, and scans of them. */
    SET,
    /** Transactions of appends and reads over several lists. */
    APPEND,
    /** Transfers between accounts, and snapshots of all of them. */
    BANK,
    /** Many callers under one transaction id. */
    IDEMPOTENCY,
    /** Transactions staged call by call. */
    STAGED,
    /** Readers of the past. */
    TIME_TRAVEL,
    /** Writers whose commits watches deliver. */
    WATCH,
    /** Events appended to sessions, some under leases. */
    SESSIONS,
    /** Effects of tools that are claimed and finished. */
    TOOLS,
    /** Anything else; judged by the server's own order alone. */
    MIXED,
    /** Reads after the heal, of every node. */
    AUDIT
}
