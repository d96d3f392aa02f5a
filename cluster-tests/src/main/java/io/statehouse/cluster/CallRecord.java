package io.statehouse.cluster;

import io.statehouse.client.Entry;
import io.statehouse.client.StateKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a workload as its caller saw it.
 *
 * @param process who called; one process has one call under way at a time
 * @param callNanos when it was sent, on the clock of this JVM
 * @param returnNanos when its answer came, or the caller gave up
 */
public record CallRecord(int process, long callNanos, long returnNanos, Outcome outcome, Act act) {
    /** How a call ended, for its caller. */
    public enum Outcome {
        /** It was answered. */
        OK,
        /** Certainly nothing was applied. */
        FAIL,
        /** It may have been applied, may be applied later, or may never be. */
        UNKNOWN
    }

    /** What was asked, and what the answer said. */
    public sealed interface Act {}

    /**
     * A transaction.
     *
     * @param changes in the order they were staged
     * @param expectations the versions that its conditions required
     * @param commitTs of the answer; 0 without one
     * @param versions of the answer, one for each change; empty without one
     * @param reason why it failed or is unknown; empty when it is OK
     */
    public record Write(
            String transactionId,
            List<Change> changes,
            List<Expectation> expectations,
            long commitTs,
            List<Long> versions,
            String reason)
            implements Act {
        /** Copies the lists. */
        public Write {
            changes = List.copyOf(changes);
            expectations = List.copyOf(expectations);
            versions = List.copyOf(versions);
        }
    }

    /** A linearizable read of one key; {@code seen} is null without an answer. */
    public record Look(StateKey key, @Nullable Entry seen) implements Act {}

    /** A put of JSON text, or with null a delete. */
    public record Change(StateKey key, @Nullable String json) {}

    /** The version a key had to have. */
    public record Expectation(StateKey key, long version) {}
}
