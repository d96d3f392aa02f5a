package io.statehouse.node.agent;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The sessions of users and the goals that are pursued in them. */
final class SessionMethods {
    /** The most sessions that a list without a user shows. */
    static final int SESSIONS_LISTED_MAX = 1_000;

    static final String EVERY = "all";
    private static final List<String> PRIORITIES = List.of("critical", "high", "medium", "low");
    private static final List<String> PENDING = List.of("pending", "in_progress");
    private static final List<Field> SESSION_FIELDS = List.of(
            Field.of("channel_id", Field.Kind.UUID_OR_NULL),
            Field.word("status", Lifecycle.SESSION.words()),
            Field.of("metadata", Field.Kind.OBJECT),
            Field.of("context", Field.Kind.OBJECT));
    private static final List<Field> GOAL_FIELDS = List.of(
            Field.of("parent_goal_id", Field.Kind.UUID_OR_NULL),
            Field.of("title", Field.Kind.TEXT),
            Field.of("description", Field.Kind.TEXT_OR_NULL),
            Field.word("status", Lifecycle.GOAL.words()),
            Field.word("priority", PRIORITIES),
            Field.of("context", Field.Kind.OBJECT),
            Field.of("result", Field.Kind.ANY));

    private final boolean isStrict;

    SessionMethods(boolean isStrict) {
        this.isStrict = isStrict;
    }

    Map<String, Method> all() {
        return Map.of(
                "create_session", new Method(true, List.of("user_id", "channel_id"), SessionMethods::createSession),
                "get_session", Records.get(Shelf.SESSIONS),
                "get_active_session", new Method(false, List.of("user_id"), SessionMethods::activeSession),
                "list_sessions", new Method(false, List.of("user_id"), SessionMethods::listSessions),
                "update_session",
                        Records.update(new Records.Update(
                                Shelf.SESSIONS, "session", SESSION_FIELDS, this::settleSession, Records.FOR_EVER)),
                "create_goal",
                        new Method(
                                true,
                                List.of("user_id", "session_id", "title", "description"),
                                SessionMethods::createGoal),
                "get_goal", Records.get(Shelf.GOALS),
                "update_goal",
                        Records.update(new Records.Update(
                                Shelf.GOALS, "goal", GOAL_FIELDS, this::settleGoal, Records.FOR_EVER)),
                "session.audit", new Method(false, List.of("id"), SessionMethods::audit),
                "list_pending_goals", new Method(false, List.of("session_id"), SessionMethods::pendingGoals));
    }

    private void settleSession(Doc before, Doc after, String now) {
        Lifecycle.SESSION.check(before.text("status"), after.text("status"), isStrict);
        after.with("last_activity_at", now);
    }

    private void settleGoal(Doc before, Doc after, String now) {
        Lifecycle.GOAL.check(before.text("status"), after.text("status"), isStrict);
        Lifecycle.GOAL.stamp(after, now);
    }

    private static JsonNode createSession(Ask ask, Params params) {
        String userId = params.uuid("user_id");
        String channelId = params.optionalUuid("channel_id");
        return ask.commitDoc(view -> {
            ask.require(view, Shelf.USERS, userId);
            if (channelId != null) {
                Records.requireOwner(
                        ask.require(view, Shelf.CHANNELS, channelId).doc(), "user_id", userId, "Channel");
            }
            String id = ask.newId();
            long now = ask.nowMillis(view);
            Doc session = Records.begin(id, now)
                    .with("user_id", userId)
                    .with("channel_id", channelId)
                    .with("status", "active")
                    .with("metadata", JsonObject.EMPTY)
                    .with("context", JsonObject.EMPTY)
                    .with("last_activity_at", Doc.time(now));
            return Ask.propose(
                    List.of(
                            new Operation.Put(ask.key(Shelf.SESSIONS, id), session.toJson()),
                            IdLists.append(ask.key(Shelf.SESSIONS_OF_USER, userId), id),
                            IdLists.append(ask.key(Shelf.ALL_SESSIONS, EVERY), id)),
                    List.of(new Condition.Exists(ask.key(Shelf.USERS, userId))));
        });
    }

    /** The active session in which something was done last. */
    private static JsonNode activeSession(Ask ask, Params params) {
        String userId = params.uuid("user_id");
        return ask.read(view -> {
            ask.require(view, Shelf.USERS, userId);
            return sessions(ask, view, ask.key(Shelf.SESSIONS_OF_USER, userId), IdLists.ITEMS_READ_MAX).stream()
                    .filter(session -> session.text("status").equals("active"))
                    .max(Comparator.comparingLong(
                            session -> Field.millis("last_activity_at", session.text("last_activity_at"))))
                    .map(Doc::toNode)
                    .orElse(Doc.NULL);
        });
    }

    private static JsonNode listSessions(Ask ask, Params params) {
        String userId = params.optionalUuid("user_id");
        return ask.read(view -> {
            if (userId != null) {
                ask.require(view, Shelf.USERS, userId);
            }
            Key list = userId == null ? ask.key(Shelf.ALL_SESSIONS, EVERY) : ask.key(Shelf.SESSIONS_OF_USER, userId);
            return Doc.list(sessions(ask, view, list, SESSIONS_LISTED_MAX).stream()
                    .map(Doc::toNode)
                    .toList());
        });
    }

    private static List<Doc> sessions(Ask ask, StateView view, Key list, int max) {
        List<Doc> found = new ArrayList<>();
        IdLists.newestFirst(view, list, id -> {
            Ask.Found session = ask.find(view, Shelf.SESSIONS, id);
            return (session == null || found.add(session.doc())) && found.size() < max;
        });
        return found;
    }

    private static JsonNode createGoal(Ask ask, Params params) {
        String userId = params.uuid("user_id");
        String sessionId = params.uuid("session_id");
        String title = params.text("title");
        String description = params.optionalText("description");
        return ask.commitDoc(view -> {
            ask.require(view, Shelf.USERS, userId);
            Records.requireOwner(ask.require(view, Shelf.SESSIONS, sessionId).doc(), "user_id", userId, "Session");
            String id = ask.newId();
            long now = ask.nowMillis(view);
            Doc goal = Records.begin(id, now)
                    .with("user_id", userId)
                    .with("session_id", sessionId)
                    .with("parent_goal_id", Doc.NULL)
                    .with("title", title)
                    .with("description", description)
                    .with("status", "pending")
                    .with("priority", "medium")
                    .with("context", JsonObject.EMPTY)
                    .with("result", Doc.NULL)
                    .with("started_at", Doc.NULL)
                    .with("completed_at", Doc.NULL);
            return Ask.propose(
                    List.of(
                            new Operation.Put(ask.key(Shelf.GOALS, id), goal.toJson()),
                            IdLists.append(ask.key(Shelf.GOALS_OF_SESSION, sessionId), id),
                            Records.touch(ask, sessionId, now)),
                    List.of(new Condition.Exists(ask.key(Shelf.SESSIONS, sessionId))));
        });
    }

    /** All goals of a session, the oldest first. */
    static List<Doc> goals(Ask ask, StateView view, String sessionId) {
        List<Doc> found = new ArrayList<>();
        IdLists.oldestFirst(view, ask.key(Shelf.GOALS_OF_SESSION, sessionId), id -> {
            Ask.Found goal = ask.find(view, Shelf.GOALS, id);
            if (goal != null) {
                found.add(goal.doc());
            }
        });
        return found;
    }

    /** A session with its user, its goals and what was executed for each, all as of one moment. */
    private static JsonNode audit(Ask ask, Params params) {
        String id = params.uuid("id");
        return ask.read(view -> {
            Doc session = ask.require(view, Shelf.SESSIONS, id).doc();
            Doc user = ask.require(view, Shelf.USERS, session.text("user_id")).doc();
            List<JsonNode> goals = new ArrayList<>();
            for (Doc goal : goals(ask, view, id)) {
                List<Doc> executions = ExecutionMethods.executions(ask, view, goal.text("id"));
                goals.add(Doc.empty()
                        .with("goal", goal.toNode())
                        .with(
                                "executions",
                                Doc.list(executions.stream().map(Doc::toNode).toList()))
                        .toNode());
            }
            return Doc.empty()
                    .with("user", user.toNode())
                    .with("session", session.toNode())
                    .with("goals", Doc.list(goals))
                    .toNode();
        });
    }

    private static JsonNode pendingGoals(Ask ask, Params params) {
        String sessionId = params.uuid("session_id");
        return ask.read(view -> {
            ask.require(view, Shelf.SESSIONS, sessionId);
            // The sort is stable: within a priority the oldest come first.
            return Doc.list(goals(ask, view, sessionId).stream()
                    .filter(goal -> PENDING.contains(goal.text("status")))
                    .sorted(Comparator.comparingInt(goal -> PRIORITIES.indexOf(goal.text("priority"))))
                    .map(Doc::toNode)
                    .toList());
        });
    }
}
