package io.statehouse.statemachine.decide;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.CommitPoint;
import io.statehouse.statemachine.state.KeyHead;
import io.statehouse.statemachine.state.KeyHeads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a command into a decision. Reads the state, never writes it.
 *
 * <p>The command's id is known to be new. All conditions are judged against the state before the transaction.
 */
public final class Decider {
    private final RequestRules rules;

    public Decider(Limits limits) {
        this.rules = new RequestRules(limits);
    }

    public Decision decide(Command command, CommitPoint point, KeyHeads heads) {
        return switch (command) {
            case CommitTransaction commit -> decideCommit(commit, point, heads);
            case CheckDigest check -> throw new IllegalArgumentException("there is nothing to decide about a digest");
            case ExpireDue due -> Decision.refused(new Reply.Done());
            case RetainDue due -> Decision.refused(new Reply.Done());
            case SetRetention set -> Decision.refused(decideRetention(set));
            case CreateToken create -> Decision.refused(decideToken(rules.firstBroken(create)));
            case RevokeToken revoke -> Decision.refused(decideToken(rules.firstBroken(revoke)));
            // Nobody has committed it, so from now on nobody can.
            case ResolveTransaction resolve -> Decision.refused(new Reply.Aborted());
        };
    }

    private Reply decideRetention(SetRetention set) {
        Reply broken = rules.firstBroken(set);
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
        return accept(commit.operations(), point, heads);
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

    private static Decision accept(List<Operation> operations, CommitPoint point, KeyHeads heads) {
        List<Event> events = new ArrayList<>(operations.size());
        List<Long> versions = new ArrayList<>(operations.size());
        Map<Key, Long> touched = new HashMap<>();
        for (Operation operation : operations) {
            Key key = operation.key();
            Long before = touched.get(key);
            long version = (before == null ? heads.headOf(key).version() : before) + 1;
            touched.put(key, version);
            versions.add(version);
            events.add(toEvent(operation, version, point));
        }
        return new Decision(events, new Reply.Committed(point.commitTs(), point.wallMillis(), versions, false));
    }

    private static Event toEvent(Operation operation, long version, CommitPoint point) {
        return switch (operation) {
            case Operation.Put put -> toEvent(put, version, point.wallMillis());
            case Operation.Delete delete -> new Event.EntryDeleted(delete.key(), version);
        };
    }

    private static Event toEvent(Operation.Put put, long version, long nowMillis) {
        return switch (put.lifetime()) {
            case Lifetime.Unbounded unbounded -> new Event.EntryPut(put.key(), version, put.value());
            case Lifetime.Lasting lasting ->
                new Event.EntryPut(put.key(), version, put.value(), nowMillis + lasting.millis());
            case Lifetime.Until until ->
                until.wallMillis() > nowMillis
                        ? new Event.EntryPut(put.key(), version, put.value(), until.wallMillis())
                        : new Event.EntryDeleted(put.key(), version);
        };
    }

    /** What it comes to that keys have reached their deadline. */
    public static List<Event> expire(List<Key> due, KeyHeads heads) {
        return due.stream()
                .<Event>map(key -> new Event.EntryDeleted(key, heads.headOf(key).version() + 1, true))
                .toList();
    }
}
