package io.statehouse.cli;

/**
 * Something that {@code doctor} found.
 *
 * @param about the node, or "cluster"
 * @param check what was looked at, in one word
 * @param what the fact, with its figures
 * @param advice what to do
 */
record Finding(Severity severity, String about, Check check, String what, String advice) {
    /** From harmless to worst. */
    enum Severity {
        /** Will pass by itself. */
        NOTICE,
        /** Works, and will not for long or not through the next failure. */
        WARNING,
        /** Does not work. */
        CRITICAL
    }

    /** What is looked at. */
    enum Check {
        REACHABLE,
        /** It answers, and does not let itself be looked at. */
        EXAMINED,
        IDENTITY,
        LEADER,
        READY,
        QUORUM,
        MEMBERS,
        LAG,
        DISK,
        CLOCK,
        CERTIFICATE,
        VERSION,
        SETTINGS
    }
}
