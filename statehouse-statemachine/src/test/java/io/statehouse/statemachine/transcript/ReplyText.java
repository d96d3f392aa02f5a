package io.statehouse.statemachine.transcript;

import io.statehouse.statemachine.decide.Reply;

/** A reply in one line that will read the same in every release. */
public final class ReplyText {
    private ReplyText() {}

    public static String of(Reply reply) {
        return switch (reply) {
            case Reply.Committed committed ->
                "committed " + committed.commitTs() + " wall " + committed.wallMillis() + " versions "
                        + committed.versions()
                        + (committed.isReplayed() ? " replayed" : "");
            case Reply.Conflict conflict ->
                "conflict condition " + conflict.condition() + " " + Notation.text(conflict.key()) + " found v"
                        + conflict.currentVersion() + " of " + conflict.currentCommitTs();
            case Reply.Aborted aborted -> "aborted";
            case Reply.Done done -> "done";
            case Reply.RetentionSet set -> "retention-set";
            case Reply.TokensChanged changed -> "tokens-changed";
            case Reply.NotApplicable edit ->
                "not-applicable operation " + edit.operation() + " " + Notation.text(edit.key()) + " " + edit.reason();
            case Reply.LimitExceeded exceeded ->
                "limit-exceeded " + exceeded.limit() + " " + exceeded.max() + " actual " + exceeded.actual();
            case Reply.Invalid invalid -> "invalid " + invalid.field() + " " + invalid.reason();
            case Reply.IdReused reused -> "id-reused";
            case Reply.IdExpired expired ->
                "id-expired made " + expired.madeAtMillis() + " oldest " + expired.oldestAcceptedMillis();
        };
    }
}
