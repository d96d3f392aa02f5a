package io.statehouse.statemachine.decide;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
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
            // Nobody has committed it, so from now on nobody can.
            case ResolveTransaction resolve -> Decision.refused(new Reply.Aborted());
        };
    }

    private Reply decideRetention(SetRetention set) {
        Reply broken = rules.firstBroken(set);
        return broken == null ? new Reply.RetentionSet() : broken;
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
            Condition condition = conditions.get(index);
            KeyHead head = heads.headOf(condition.key());
            if (!holds(condition, head, point.wallMillis())) {
                return new Reply.Conflict(condition.key(), index, head.version(), head.commitTs());
            }
        }
        return null;
    }

    private static boolean holds(Condition condition, KeyHead head, long wallMillis) {
        return switch (condition) {
            case Condition.VersionEquals wanted -> head.version() == wanted.version();
            case Condition.Exists exists -> head.hasValue(wallMillis);
            case Condition.Absent absent -> !head.hasValue(wallMillis);
            case Condition.UnchangedSince since -> !head.commitTs().isAfter(since.commitTs());
        };
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
            case Operation.Put put -> new Event.EntryPut(put.key(), version, put.value(), deadline(put, point));
            case Operation.Delete delete -> new Event.EntryDeleted(delete.key(), version);
        };
    }

    private static long deadline(Operation.Put put, CommitPoint point) {
        return put.ttlMillis() == 0 ? 0 : point.wallMillis() + put.ttlMillis();
    }

    /** What it comes to that keys have reached their deadline. */
    public static List<Event> expire(List<Key> due, KeyHeads heads) {
        return due.stream()
                .<Event>map(key -> new Event.EntryDeleted(key, heads.headOf(key).version() + 1, true))
                .toList();
    }
}
