package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.CommitTs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of a history file: a fact the harness saw at one moment. */
public sealed interface HistoryLine {

    /** A call is about to be sent. A call without a {@link Returned} has an unknown outcome. */
    record Called(long id, int process, Load load, long nanos, Request request) implements HistoryLine {}

    /** A call came back, or was given up. */
    record Returned(
            long id,
            long nanos,
            Outcome outcome,
            Endpoint endpoint,
            @Nullable Response response) implements HistoryLine {}

    /**
     * A replay of the whole journal delivered this commit.
     *
     * @param replay numbered by the writer; one that is begun again has another number
     */
    record Replayed(long replay, ReplayedCommit commit) implements HistoryLine {}

    /**
     * A replay came to its end; without this line it was cut off, and counts for nothing.
     *
     * @param nanos when the replay was asked for; it holds everything acknowledged before
     * @param lastTs the commit it reaches to
     */
    record ReplayEnded(long replay, String node, long nanos, CommitTs lastTs) implements HistoryLine {}

    /** A node told how far it is and what its state hashes to. */
    record ReplicaSeen(String node, CommitTs commitTs, String chain, String digest) implements HistoryLine {}

    /**
     * A watch was opened, or opened again by the same watcher.
     *
     * @param stream counted by the writer
     * @param watcher who watches, for the report
     * @param startTs the first commit asked for; zero = from whatever is now
     */
    record WatchOpened(long stream, String watcher, String node, long nanos, WatchScope scope, CommitTs startTs)
            implements HistoryLine {}

    /** A watch delivered one commit. */
    record WatchDelivered(long stream, long nanos, ReplayedCommit commit) implements HistoryLine {}

    /** A watch said that everything up to here was delivered or does not match. */
    record WatchProgressed(long stream, long nanos, CommitTs progressTs) implements HistoryLine {}

    /**
     * A watch came to its end.
     *
     * @param untilTs what the harness waited for: everything up to here must have been delivered; zero = nothing claimed
     */
    record WatchEnded(long stream, long nanos, String reason, CommitTs untilTs) implements HistoryLine {}

    /** Something about the run, such as {@code require=linearizable,commit-ts} or {@code bank.total=1000}. */
    record Setting(String name, String value) implements HistoryLine {}

    /** A fault began or ended, or anything else worth a mark on the time axis. */
    record Mark(long nanos, String kind, List<String> words) implements HistoryLine {
        public Mark {
            words = List.copyOf(words);
        }
    }
}
