package io.statehouse.node.agent;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls of tools that goals made, each recorded at most once under an idempotency key. */
final class ExecutionMethods {
    private static final List<String> CREATE = List.of("user_id", "session_id", "goal_id", "tool_name", "tool_input");
    private static final List<String> CREATE_ONCE =
            List.of("user_id", "session_id", "goal_id", "tool_name", "tool_input", "idempotency_key");
    private static final List<Field> FIELDS = List.of(
            Field.word("status", Lifecycle.EXECUTION.words()),
            Field.of("output", Field.Kind.ANY),
            Field.of("error", Field.Kind.TEXT_OR_NULL));

    private final boolean isStrict;

    ExecutionMethods(boolean isStrict) {
        this.isStrict = isStrict;
    }

    Map<String, Method> all() {
        return Map.of(
                "create_tool_execution", new Method(true, CREATE, (ask, params) -> create(ask, params, false)),
                "execute_tool_idempotent", new Method(true, CREATE_ONCE, (ask, params) -> create(ask, params, true)),
                "get_tool_execution", Records.get(Shelf.EXECUTIONS),
                "find_by_idempotency_key", new Method(false, List.of("key"), ExecutionMethods::findByKey),
                "update_tool_execution",
                        Records.update(new Records.Update(
                                Shelf.EXECUTIONS, "execution", FIELDS, this::settle, Records.FOR_EVER)),
                "list_tool_executions", new Method(false, List.of("goal_id"), ExecutionMethods::list));
    }

    private void settle(Doc before, Doc after, String now) {
        Lifecycle.EXECUTION.check(before.text("status"), after.text("status"), isStrict);
        Lifecycle.EXECUTION.stamp(after, now);
    }

    private static JsonNode create(Ask ask, Params params, boolean isOnce) {
        Wanted wanted = new Wanted(
                params.uuid("user_id"),
                params.uuid("session_id"),
                params.uuid("goal_id"),
                params.name("tool_name"),
                params.requiredAny("tool_input"));
        String given = isOnce && params.has("idempotency_key") ? params.name("idempotency_key") : null;
        return ask.commitDoc(view -> {
            Doc goal = requireOwners(ask, view, wanted);
            String key = isOnce && given == null ? IdempotencyKey.auto(wanted, goal) : given;
            if (key == null) {
                return Ask.propose(operations(ask, view, wanted, null), conditions(ask, wanted));
            }
            Key claim = ask.key(Shelf.IDEMPOTENCY, wanted.userId + "/" + IdempotencyKey.hash(key));
            Ask.Found known = ask.find(view, Shelf.IDEMPOTENCY, claim.name());
            if (known != null) {
                return Ask.answer(
                        ask.require(view, Shelf.EXECUTIONS, known.doc().text("id"))
                                .doc()
                                .toNode());
            }
            List<Operation> operations = new ArrayList<>(operations(ask, view, wanted, key));
            operations.add(
                    new Operation.Put(claim, Doc.empty().with("id", ask.newId()).toJson()));
            operations.add(IdLists.append(ask.key(Shelf.IDEMPOTENCY_KEYS, IdempotencyKey.hash(key)), ask.newId()));
            List<Condition> conditions = new ArrayList<>(conditions(ask, wanted));
            conditions.add(new Condition.Absent(claim));
            return Ask.propose(operations, conditions);
        });
    }

    /** What an execution is to be of. */
    record Wanted(String userId, String sessionId, String goalId, String toolName, JsonNode toolInput) {}

    /** Returns the goal, which must be the session's and the user's. */
    private static Doc requireOwners(Ask ask, StateView view, Wanted wanted) {
        ask.require(view, Shelf.USERS, wanted.userId);
        ask.require(view, Shelf.SESSIONS, wanted.sessionId);
        Doc goal = ask.require(view, Shelf.GOALS, wanted.goalId).doc();
        Records.requireOwner(goal, "session_id", wanted.sessionId, "Goal");
        Records.requireOwner(goal, "user_id", wanted.userId, "Goal");
        return goal;
    }

    private static List<Condition> conditions(Ask ask, Wanted wanted) {
        return List.of(
                new Condition.Exists(ask.key(Shelf.GOALS, wanted.goalId)),
                new Condition.Exists(ask.key(Shelf.SESSIONS, wanted.sessionId)));
    }

    private static List<Operation> operations(Ask ask, StateView view, Wanted wanted, @Nullable String key) {
        String id = ask.newId();
        long now = ask.nowMillis(view);
        Doc execution = Records.begin(id, now)
                .with("goal_id", wanted.goalId)
                .with("session_id", wanted.sessionId)
                .with("user_id", wanted.userId)
                .with("tool_name", wanted.toolName)
                .with("tool_input", wanted.toolInput)
                .with("status", "pending")
                .with("output", Doc.NULL)
                .with("error", Doc.NULL)
                .with("idempotency_key", key)
                .with("started_at", Doc.NULL)
                .with("completed_at", Doc.NULL);
        return List.of(
                new Operation.Put(ask.key(Shelf.EXECUTIONS, id), execution.toJson()),
                IdLists.append(ask.key(Shelf.EXECUTIONS_OF_GOAL, wanted.goalId), id),
                Records.touch(ask, wanted.sessionId, now));
    }

    /** The newest execution under a key, whoever's it is. */
    private static JsonNode findByKey(Ask ask, Params params) {
        String key = params.text("key");
        return ask.read(view -> {
            List<JsonNode> found = new ArrayList<>();
            IdLists.newestFirst(view, ask.key(Shelf.IDEMPOTENCY_KEYS, IdempotencyKey.hash(key)), id -> {
                Ask.Found execution = ask.find(view, Shelf.EXECUTIONS, id);
                return execution == null || !found.add(execution.doc().toNode());
            });
            return found.isEmpty() ? Doc.NULL : found.get(0);
        });
    }

    /** All executions of a goal, the oldest first. */
    static List<Doc> executions(Ask ask, StateView view, String goalId) {
        List<Doc> found = new ArrayList<>();
        IdLists.oldestFirst(view, ask.key(Shelf.EXECUTIONS_OF_GOAL, goalId), id -> {
            Ask.Found execution = ask.find(view, Shelf.EXECUTIONS, id);
            if (execution != null) {
                found.add(execution.doc());
            }
        });
        return found;
    }

    private static JsonNode list(Ask ask, Params params) {
        String goalId = params.uuid("goal_id");
        return ask.read(view -> {
            ask.require(view, Shelf.GOALS, goalId);
            return Doc.list(
                    executions(ask, view, goalId).stream().map(Doc::toNode).toList());
        });
    }
}
