package io.statehouse.cluster.check;

/** What can be wrong with a history. */
public enum Anomaly {
    NOT_LINEARIZABLE("no order of the calls explains the answers"),

    WRITE_CYCLE("G0: writes overwrite one another in a circle"),
    ABORTED_READ("G1a: a read saw what was never committed"),
    INTERMEDIATE_READ("G1b: a read saw the middle of a transaction"),
    CIRCULAR_INFORMATION_FLOW("G1c: transactions saw one another's writes in a circle"),
    READ_SKEW("G-single: a transaction missed one write and saw what came of it"),
    ANTI_DEPENDENCY_CYCLE("G2: transactions missed one another's writes in a circle"),
    WRITE_CYCLE_REALTIME("G0 with real time: writes took effect against the clock"),
    CIRCULAR_INFORMATION_FLOW_REALTIME("G1c with real time: a read saw the future"),
    READ_SKEW_REALTIME("G-single with real time: a read missed what had been acknowledged"),
    ANTI_DEPENDENCY_CYCLE_REALTIME("G2 with real time: transactions missed one another against the clock"),
    INTERNAL("a transaction did not see its own writes"),
    INCOMPATIBLE_ORDER("two reads of one list cannot both be its past: a fork or a lost update"),
    LOST_APPEND("an acknowledged append is missing from a later read"),

    LOST_WRITE("an acknowledged write is gone"),
    GARBAGE("something nobody wrote"),
    DOUBLE_APPLY("one request took effect twice"),
    FAILED_BUT_APPLIED("a call that was told to have failed took effect"),
    STALE_READ("a read missed what an earlier one had seen or what had been acknowledged"),
    FLICKER("something that had been seen was gone and nobody had deleted it"),
    UNSORTED("rows out of order, or twice"),

    TOTAL_CHANGED("a snapshot does not add up"),
    NEGATIVE_BALANCE("an account is below zero"),

    ANSWERS_DIFFER("the same question about something fixed was answered differently"),
    ID_REUSED("one transaction id stands for two contents"),
    DUPLICATE_COMMIT_TS("two commits share one position"),
    COMMIT_ORDER("positions contradict the clock"),
    READ_POINT("a read answered from a state older or newer than it may"),
    VERSION_GAP("versions of a key do not count by one"),
    JOURNAL_GAP("commits are missing in the journal"),
    WALL_TIME_FELL("wall time fell along the journal"),
    WRONG_ANSWER("an answer does not follow from the commits before it"),
    STATE_DIFFERS("the state is not what the journal adds up to"),
    REPLICAS_DIFFER("two replicas at one commit hold different states"),

    WATCH_UNORDERED("a watch went backwards"),
    WATCH_DUPLICATE("a watch delivered a commit twice"),
    WATCH_GAP("a watch passed over a commit"),
    WATCH_TORN("a watch delivered part of a commit, or one altered"),
    WATCH_PHANTOM("a watch delivered what was never committed"),
    WATCH_FILTER("a watch delivered what was not asked for"),

    SEQUENCE_GAP("the events of a session are not numbered 1, 2, 3 and so on"),
    GRANTED_TWICE("one lease or one effect was given to two"),
    TOKEN_FELL("who came later has a token that is not larger"),
    FENCE_PASSED("a write under a token took effect after one under a larger token"),

    PAST_CHANGED("a past state is not what it was"),
    STAGED_PARTIAL("a staged transaction was applied in part"),
    TWO_FATES("a transaction is both committed and aborted");

    private final String meaning;

    Anomaly(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
