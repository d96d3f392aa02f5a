package io.statehouse.cluster.check.toy;

import java.util.List;

/** One way to be wrong, and the checkers of which each must notice it in every run. */
public enum Bug {
    NONE(),
    /** A linearizable read answers from an older state and says so. */
    STALE_READ("linearizable", "commit-ts"),
    /** A linearizable read answers from an older state and calls it the present. */
    STALE_READ_IN_DISGUISE("linearizable", "witness"),
    /** Conditions are not looked at. */
    LOST_UPDATE("linearizable", "witness"),
    /** A commit is acknowledged and forgotten, and its commit_ts given to the next one. */
    LOST_ACKNOWLEDGED("linearizable", "set", "replay", "commit-ts"),
    /** A call fails, is seen for a while and is then taken back. */
    ABORTED_READ("append"),
    /** A call is told to have failed and is applied. */
    FAILED_BUT_APPLIED("set", "append", "replay"),
    /** A commit is applied twice. */
    DOUBLE_APPLY("linearizable", "set", "idempotency", "replay"),
    /** A repeated transaction id is executed again. */
    NO_DEDUPLICATION("idempotency", "replay"),
    /** A repeated transaction id is answered with another commit_ts. */
    ANSWER_CHANGES("idempotency", "commit-ts"),
    /** Other contents under a known id are answered with that id's commit. */
    ID_REUSE_ACCEPTED("idempotency"),
    /** For a while some callers work on a copy that is then thrown away. */
    SPLIT_BRAIN("linearizable", "append", "set", "commit-ts", "replay"),
    /** A commit is acknowledged before it takes effect. */
    EARLY_ACKNOWLEDGEMENT("linearizable", "commit-ts"),
    /** A conflict tells a version that never was current then. */
    WRONG_CONFLICT("linearizable", "witness"),
    /** A scan reads its rows at two points. */
    TORN_SCAN("bank", "replay", "witness"),
    /** Only the first operation of a commit is applied. */
    TORN_COMMIT("bank", "replay", "witness"),
    /** Two commits get one commit_ts. */
    COMMIT_TS_TWICE("commit-ts", "replay", "witness"),
    /** A key's version goes up by two. */
    VERSION_SKIPPED("linearizable", "replay", "witness"),
    /** The past is answered with the present. */
    PAST_CHANGES("time-travel"),
    /** An aborted staged transaction can be committed. */
    ABORT_FORGOTTEN("staged"),
    /** A staged transaction loses its last operation. */
    STAGED_PARTIAL("staged"),
    /** The journal lacks a commit. */
    JOURNAL_HOLE("replay"),
    /** One replica holds another state. */
    REPLICA_DIVERGED("replay"),
    /** A watch passes over a commit. */
    WATCH_DROPS("watch"),
    /** A watch delivers a commit twice. */
    WATCH_REPEATS("watch"),
    /** A watch delivers two commits in the wrong order. */
    WATCH_REORDERS("watch"),
    /** A watch delivers a commit without its first operation. */
    WATCH_TEARS("watch"),
    /** A watch delivers a commit of a transaction that never was. */
    WATCH_INVENTS("watch"),
    /** A watch delivers what is out of its scope. */
    WATCH_LEAKS("watch"),
    /** A watch claims progress beyond a commit that it delivers later. */
    WATCH_LEAPS("watch");

    /** Separated by commas: what an enum holds must not change. */
    private final String noticedBy;

    Bug(String... noticedBy) {
        this.noticedBy = String.join(",", noticedBy);
    }

    public List<String> noticedBy() {
        return List.of(noticedBy.split(",", -1));
    }
}
