package io.statehouse.statemachine.decide;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.CommitPoint;
import io.statehouse.statemachine.state.KeyHead;
import io.statehouse.statemachine.state.KeyHeads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a command into a decision. Reads the state, never writes it.
 *
 * <p>The command's id is known to be new. All conditions are judged against the state before the transaction.
 */
public final class Decider {
    private final RequestRules rules;
    private final Edits edits;

    /** For the commands of one log entry: what its edits cost together is bounded. */
    public Decider(Limits limits) {
        this.rules = new RequestRules(limits);
        this.edits = new Edits(limits);
    }

    public Decision decide(Command command, CommitPoint point, KeyHeads heads) {
        return switch (command) {
            case CommitTransaction commit -> decideCommit(commit, point, heads);
            case CheckDigest check -> throw new IllegalArgumentException("there is nothing to decide about a digest");
            case ExpireDue due -> Decision.refused(new Reply.Done());
            case RaiseFeatureLevel raise -> Decision.refused(new Reply.Done());
            case RetainDue due -> Decision.refused(new Reply.Done());
            case SetRetention set -> Decision.refused(decidePolicy(rules.firstBroken(set)));
            case SetQuota set -> Decision.refused(decidePolicy(rules.firstBroken(set)));
            case CreateToken create -> Decision.refused(decideToken(rules.firstBroken(create)));
            case RevokeToken revoke -> Decision.refused(decideToken(rules.firstBroken(revoke)));
            // Nobody has committed it, so from now on nobody can.
            case ResolveTransaction resolve -> Decision.refused(new Reply.Aborted());
        };
    }

    private static Reply decidePolicy(@Nullable Reply broken) {
        return broken == null ? new Reply.RetentionSet() : broken;
    }

    private static Reply decideToken(@Nullable Reply broken) {
        return broken == null ? new Reply.TokensChanged() : broken;
    }

    private Decision decideCommit(CommitTransaction commit, CommitPoint point, KeyHeads heads) {
        Reply broken = rules.firstBroken(commit);
        if (broken != null) {
            return Decision.refused(broken);
        }
        Reply conflict = firstConflict(commit.conditions(), point, heads);
        if (conflict != null) {
            return Decision.refused(conflict);
        }
        return new Acceptance(edits, point, heads).accept(commit.operations());
    }

    private static @Nullable Reply firstConflict(List<Condition> conditions, CommitPoint point, KeyHeads heads) {
        for (int index = 0; index < conditions.size(); index++) {
            KeyHeads.Change inTheWay = inTheWay(conditions.get(index), point.wallMillis(), heads);
            if (inTheWay != null) {
                return new Reply.Conflict(inTheWay.key(), index, inTheWay.version(), inTheWay.commitTs());
            }
        }
        return null;
    }

    /** What stands where a condition does not hold; null where it holds. */
    private static KeyHeads.@Nullable Change inTheWay(Condition condition, long wallMillis, KeyHeads heads) {
        return switch (condition) {
            case Condition.VersionEquals wanted -> {
                KeyHead head = heads.headOf(wanted.key());
                yield unless(head.version() == wanted.version(), wanted.key(), head);
            }
            case Condition.Exists exists -> {
                KeyHead head = heads.headOf(exists.key());
                yield unless(head.hasValue(wallMillis), exists.key(), head);
            }
            case Condition.Absent absent -> {
                KeyHead head = heads.headOf(absent.key());
                yield unless(!head.hasValue(wallMillis), absent.key(), head);
            }
            case Condition.UnchangedSince since -> {
                KeyHead head = heads.headOf(since.key());
                yield unless(!head.commitTs().isAfter(since.commitTs()), since.key(), head);
            }
            case Condition.AgentUnchangedSince since -> heads.firstChangeAfter(since.commitTs(), since.agent());
        };
    }

    private static KeyHeads.@Nullable Change unless(boolean holds, Key key, KeyHead head) {
        return holds ? null : new KeyHeads.Change(key, head.version(), head.commitTs());
    }

    /** What it comes to that keys have reached their deadline. */
    public static List<Event> expire(List<Key> due, KeyHeads heads) {
        return due.stream()
                .<Event>map(key -> new Event.EntryDeleted(key, heads.headOf(key).version() + 1, true))
                .toList();
    }
}
