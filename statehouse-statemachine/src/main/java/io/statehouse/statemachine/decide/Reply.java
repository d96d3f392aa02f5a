package io.statehouse.statemachine.decide;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import java.util.List;

/** What a command is answered: deterministic, the same on every replica and on every retry. A refusal is a reply. */
public sealed interface Reply {
    /**
     * The transaction is committed.
     *
     * @param versions the version each operation made, in the order of the operations
     * @param isReplayed this id had been committed before, and this is the answer of then
     */
    record Committed(CommitTs commitTs, long wallMillis, List<Long> versions, boolean isReplayed) implements Reply {
        public Committed {
            versions = List.copyOf(versions);
        }
    }

    /**
     * A condition did not hold; nothing was applied.
     *
     * @param condition position of the condition in the transaction
     */
    record Conflict(Key key, int condition, long currentVersion, CommitTs currentCommitTs) implements Reply {}

    /** The id was aborted before it could commit; nothing was or will be applied under it. */
    record Aborted() implements Reply {}

    /** What no caller asked for is done: a digest was compared and is the same here, or log time was moved on. */
    record Done() implements Reply {}

    /** The namespace has the policy, or the quota. */
    record RetentionSet() implements Reply {}

    /** There is the token, or there is none any more. */
    record TokensChanged() implements Reply {}

    /** A bound was passed; nothing was applied. {@code limit} is the name of a component of Limits. */
    record LimitExceeded(String limit, long max, long actual) implements Reply {}

    /** The request breaks a rule that is no bound, such as an empty id; {@code field} names it. */
    record Invalid(String field, String reason) implements Reply {}

    /**
     * An edit did not fit the value that it found, such as a failed test of a patch; nothing was applied.
     *
     * @param operation position of the edit in the transaction
     */
    record NotApplicable(Key key, int operation, String reason) implements Reply {}

    /** The id had been used for other contents. */
    record IdReused() implements Reply {}

    /** The id says it was made longer ago than ids are remembered, so a first use cannot be told from a repetition. */
    record IdExpired(long madeAtMillis, long oldestAcceptedMillis) implements Reply {}
}
