package io.statehouse.node.service;

import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.decide.Reply;

/** What became of a transaction id. */
public sealed interface Fate {
    /** It is committed; this is the answer it got or would have got. */
    record Committed(Reply.Committed reply) implements Fate {}

    /** It was aborted for good. */
    record Aborted() implements Fate {}

    /** It was decided and not applied. */
    record Refused(ServiceException why) implements Fate {}

    /** It is being staged on this node. */
    record Staged() implements Fate {}

    /** Nothing is known: never seen, still on its way, or forgotten. */
    record Unknown() implements Fate {}

    /** The fate that a reply means. */
    static Fate of(TxnId id, Reply reply) {
        return switch (reply) {
            case Reply.Committed committed -> new Committed(committed);
            case Reply.Aborted aborted -> new Aborted();
            case Reply.Done done -> throw Refusals.notForCallers(done);
            case Reply.RetentionSet set -> new Refused(Refusals.of(id, set));
            case Reply.TokensChanged changed -> new Refused(Refusals.of(id, changed));
            case Reply.NotApplicable refusal -> new Refused(Refusals.of(id, refusal));
            case Reply.Conflict refusal -> new Refused(Refusals.of(id, refusal));
            case Reply.LimitExceeded refusal -> new Refused(Refusals.of(id, refusal));
            case Reply.Invalid refusal -> new Refused(Refusals.of(id, refusal));
            case Reply.IdReused refusal -> new Refused(Refusals.of(id, refusal));
            case Reply.IdExpired refusal -> new Refused(Refusals.of(id, refusal));
        };
    }
}
