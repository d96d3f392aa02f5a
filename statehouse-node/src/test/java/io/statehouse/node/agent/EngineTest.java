package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.statehouse.node.TestNode;
import io.statehouse.node.config.Setting;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonNull;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users, sessions, goals, executions, memories and channels as the published clients know them. */
class EngineTest {
    private static TestNode node;
    private Rpc rpc;
    private World world;

    @BeforeAll
    static void start() {
        node = TestNode.start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void make() {
        rpc = new Rpc(node.httpPort());
        world = World.make(rpc);
    }

    @AfterEach
    void close() {
        rpc.close();
    }

    @Test
    void objectsAreFlatAndCarryEveryField() {
        assertThat(fields("get_user", world.user()))
                .isEqualTo("id created_at updated_at username display_name email metadata active");
        assertThat(fields("get_session", world.session()))
                .isEqualTo("id created_at updated_at user_id channel_id status metadata context last_activity_at");
        assertThat(fields("get_goal", world.goal()))
                .isEqualTo(
                        "id created_at updated_at user_id session_id parent_goal_id title description status priority"
                                + " context result started_at completed_at");
        assertThat(fields("get_tool_execution", world.execution()))
                .isEqualTo(
                        "id created_at updated_at goal_id session_id user_id tool_name tool_input status output error"
                                + " idempotency_key started_at completed_at");
        assertThat(fields("get_memory", world.memory()))
                .isEqualTo("id created_at updated_at user_id memory_type importance content embedding source_session_id"
                        + " source_tool_execution_id tags expires_at");
        assertThat(fields("get_channel", world.channel()))
                .isEqualTo(
                        "id created_at updated_at user_id channel_type channel_name channel_identifier status metadata"
                                + " config last_message_at");
        assertThat(Rpc.text(get("get_goal", world.goal()), "created_at")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(world.goal()).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    private String fields(String method, String id) {
        return String.join(" ", ((JsonObject) get(method, id)).members().keySet());
    }

    private JsonNode get(String method, String id) {
        return rpc.call(method, "{\"id\":\"" + id + "\"}");
    }

    @Test
    void aUsernameIsOneUser() {
        assertThat(World.id(rpc, "create_user", "{\"username\":\"ada\",\"email\":\"other@x\"}"))
                .isEqualTo(world.user());
    }

    @Test
    void inStrictModeATakenUsernameAndAStepBackAreErrors() {
        try (TestNode strict = TestNode.start(Map.of(Setting.AGENT_STRICT, "true"));
                Rpc strictly = new Rpc(strict.httpPort())) {
            World made = World.make(strictly);
            assertThat(strictly.error("create_user", "{\"username\":\"ada\"}"))
                    .isEqualTo("-32603 UNIQUE constraint failed: users.username");
            setStatus(strictly, "goal", made.goal(), "completed");
            assertThat(strictly.error(
                            "update_goal", "{\"goal\":{\"id\":\"" + made.goal() + "\",\"status\":\"pending\"}}"))
                    .isEqualTo("-32603 Illegal transition: status completed cannot become pending");
        }
        setStatus(rpc, "goal", world.goal(), "completed");
        setStatus(rpc, "goal", world.goal(), "pending");
    }

    private static void setStatus(Rpc rpc, String what, String id, String status) {
        String method = what.equals("execution") ? "update_tool_execution" : "update_" + what;
        rpc.call(method, "{\"" + what + "\":{\"id\":\"" + id + "\",\"status\":\"" + status + "\"}}");
    }

    @Test
    void everyStatusComesBackExactlyAndTimesAreTheServers() {
        for (String status : List.of("pending", "in_progress", "completed", "failed", "cancelled")) {
            setStatus(rpc, "goal", world.goal(), status);
            assertThat(Rpc.text(get("get_goal", world.goal()), "status")).isEqualTo(status);
        }
        JsonNode goal = get("get_goal", world.goal());
        assertThat(Rpc.text(goal, "started_at")).endsWith("Z");
        assertThat(Rpc.text(goal, "completed_at")).endsWith("Z");
        for (String status : List.of("running", "completed")) {
            setStatus(rpc, "execution", world.execution(), status);
        }
        for (String status : List.of("paused", "completed", "failed", "abandoned", "active")) {
            setStatus(rpc, "session", world.session(), status);
            assertThat(Rpc.text(get("get_session", world.session()), "status")).isEqualTo(status);
        }
        rpc.call("update_memory", "{\"memory\":{\"id\":\"" + world.memory() + "\",\"memory_type\":\"long_term\"}}");
        assertThat(Rpc.text(get("get_memory", world.memory()), "memory_type")).isEqualTo("long_term");
    }

    @Test
    void idsOwnersAndInputsNeverChange() {
        JsonNode before = get("get_tool_execution", world.execution());
        rpc.call(
                "update_tool_execution",
                "{\"execution\":{\"id\":\"" + world.execution() + "\",\"user_id\":\"" + world.goal()
                        + "\",\"tool_name\":\"other\",\"tool_input\":7,\"created_at\":\"2000-01-01T00:00:00Z\",\"output\":{\"a\":null}}}");

        JsonNode after = get("get_tool_execution", world.execution());

        for (String field : List.of("user_id", "tool_name", "created_at")) {
            assertThat(Rpc.text(after, field)).isEqualTo(Rpc.text(before, field));
        }
        assertThat(Rpc.member(after, "tool_input")).isEqualTo(JsonObject.EMPTY);
        assertThat(JsonWriter.text(Objects.requireNonNull(Rpc.member(after, "output"))))
                .isEqualTo("{\"a\":null}");
    }

    @Test
    void pendingGoalsComeByPriorityThenAge() {
        String second = goal("second");
        String third = goal("third");
        rpc.call(
                "update_goal",
                "{\"goal\":{\"id\":\"" + third + "\",\"priority\":\"critical\",\"status\":\"in_progress\"}}");
        String done = goal("done");
        setStatus(rpc, "goal", done, "completed");

        assertThat(Rpc.items(rpc.call("list_pending_goals", "{\"session_id\":\"" + world.session() + "\"}")))
                .extracting(goal -> Rpc.text(goal, "id"))
                .containsExactly(third, world.goal(), second);
    }

    private String goal(String title) {
        return World.id(
                rpc,
                "create_goal",
                "{\"user_id\":\"" + world.user() + "\",\"session_id\":\"" + world.session() + "\",\"title\":\"" + title
                        + "\"}");
    }

    @Test
    void aGoalMustBelongToTheSessionAndTheUser() {
        String other = World.id(rpc, "create_user", "{\"username\":\"eve\"}");
        String session = World.id(rpc, "create_session", "{\"user_id\":\"" + other + "\"}");

        assertThat(rpc.error(
                        "create_goal",
                        "{\"user_id\":\"" + world.user() + "\",\"session_id\":\"" + session + "\",\"title\":\"t\"}"))
                .startsWith("-32603 Session")
                .contains("does not belong to user");
        assertThat(rpc.error("create_tool_execution", execution(other, session, world.goal(), "{}")))
                .startsWith("-32603 Goal")
                .contains("does not belong to session");
    }

    private static String execution(String user, String session, String goal, String input) {
        return "{\"user_id\":\"" + user + "\",\"session_id\":\"" + session + "\",\"goal_id\":\"" + goal
                + "\",\"tool_name\":\"mail\",\"tool_input\":" + input + "}";
    }

    @Test
    void theActiveSessionIsTheOneWithTheLatestActivity() {
        String newer = World.id(rpc, "create_session", "{\"user_id\":\"" + world.user() + "\"}");
        assertThat(active()).isEqualTo(newer);
        await().until(() -> {
            goal("moves the older one");
            return active().equals(world.session());
        });
        setStatus(rpc, "session", world.session(), "completed");
        setStatus(rpc, "session", newer, "completed");
        assertThat(rpc.call("get_active_session", "{\"user_id\":\"" + world.user() + "\"}"))
                .isEqualTo(new JsonNull());
        assertThat(Rpc.items(rpc.call("list_sessions", "{}")))
                .extracting(session -> Rpc.text(session, "id"))
                .containsExactly(newer, world.session());
    }

    private String active() {
        return World.id(rpc, "get_active_session", "{\"user_id\":\"" + world.user() + "\"}");
    }

    @Test
    void hundredParallelCallsOfOneKeyMakeOneExecution() {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        Rpc.atOnce(100, call -> {
            String params = execution(world.user(), world.session(), world.goal(), "{\"n\":" + call + "}");
            String keyed = params.substring(0, params.length() - 1) + ",\"idempotency_key\":\"once\"}";
            ids.add(World.id(rpc, "execute_tool_idempotent", keyed));
        });

        assertThat(ids).hasSize(1);
        assertThat(World.id(rpc, "find_by_idempotency_key", "{\"key\":\"once\"}"))
                .isIn(ids);
    }

    @Test
    void aMadeUpKeyDependsOnWhatIsAskedAndNotOnTheOrderOfMembers() {
        String first = execute("{\"a\":1,\"b\":[1.0,null]}");
        assertThat(execute("{\"b\":[1,null],\"a\":1}")).isEqualTo(first);
        assertThat(execute("{\"a\":2,\"b\":[1,null]}")).isNotEqualTo(first);
        JsonNode made = get("get_tool_execution", first);
        assertThat(Rpc.text(made, "idempotency_key")).matches("auto:mail:\\d{8}:[0-9a-f]{32}");
    }

    private String execute(String input) {
        return World.id(rpc, "execute_tool_idempotent", execution(world.user(), world.session(), world.goal(), input));
    }

    @Test
    void keysAreOneUsersAndFoundByTheNewest() {
        String other = World.id(rpc, "create_user", "{\"username\":\"eve\"}");
        String session = World.id(rpc, "create_session", "{\"user_id\":\"" + other + "\"}");
        String goal = World.id(
                rpc,
                "create_goal",
                "{\"user_id\":\"" + other + "\",\"session_id\":\"" + session + "\",\"title\":\"t\"}");
        String mine =
                execution(world.user(), world.session(), world.goal(), "1").replace("}", ",\"idempotency_key\":\"k\"}");
        String theirs = execution(other, session, goal, "1").replace("}", ",\"idempotency_key\":\"k\"}");

        String first = World.id(rpc, "execute_tool_idempotent", mine);
        String second = World.id(rpc, "execute_tool_idempotent", theirs);

        assertThat(second).isNotEqualTo(first);
        assertThat(World.id(rpc, "find_by_idempotency_key", "{\"key\":\"k\"}")).isEqualTo(second);
        assertThat(rpc.call("find_by_idempotency_key", "{\"key\":\"none\"}")).isEqualTo(new JsonNull());
    }

    @Test
    void memoriesComeNewestFirstAndExpiredOnesAreGone() {
        String newer = World.id(
                rpc,
                "create_memory",
                "{\"user_id\":\"" + world.user() + "\",\"content\":\"n\",\"importance\":\"vital\",\"tags\":[\"a\"]}");
        JsonNode made = get("get_memory", newer);
        assertThat(Rpc.text(made, "importance")).isEqualTo("medium");
        assertThat(memories("")).containsExactly(newer, world.memory());
        assertThat(memories(",\"limit\":1")).containsExactly(newer);

        rpc.call("update_memory", "{\"memory\":{\"id\":\"" + newer + "\",\"expires_at\":\"2001-01-01T00:00:00Z\"}}");

        assertThat(memories("")).containsExactly(world.memory());
        assertThat(rpc.error("get_memory", "{\"id\":\"" + newer + "\"}")).startsWith("-32603 Not found: Memory");
    }

    private List<String> memories(String more) {
        return Rpc.items(rpc.call("list_memories", "{\"user_id\":\"" + world.user() + "\"" + more + "}")).stream()
                .map(memory -> Rpc.text(memory, "id"))
                .toList();
    }

    @Test
    void aSessionIsAuditedInOneCall() {
        String second = goal("second");

        JsonNode audit = get("session.audit", world.session());

        assertThat(Rpc.text(Objects.requireNonNull(Rpc.member(audit, "user")), "id"))
                .isEqualTo(world.user());
        List<JsonNode> goals = Rpc.items(Objects.requireNonNull(Rpc.member(audit, "goals")));
        assertThat(goals)
                .extracting(one -> Rpc.text(Objects.requireNonNull(Rpc.member(one, "goal")), "id"))
                .containsExactly(world.goal(), second);
        assertThat(Rpc.items(Objects.requireNonNull(Rpc.member(goals.get(0), "executions"))))
                .extracting(execution -> Rpc.text(execution, "id"))
                .containsExactly(world.execution());
    }

    @Test
    void namespacesAreApart() {
        try (Rpc other = new Rpc(node.httpPort())) {
            assertThat(other.error("get_user", "{\"id\":\"" + world.user() + "\"}"))
                    .startsWith("-32603 Not found: User");
        }
    }

    @Test
    void whatIsTooLargeNamesTheLimit() {
        assertThat(rpc.error(
                        "create_memory",
                        "{\"user_id\":\"" + world.user() + "\",\"content\":\"" + "x".repeat(1 << 20) + "\"}"))
                .startsWith("-32602 Invalid params | valueBytesMax");
    }
}
