package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.node.TestNode;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method of the contract × every error that it can answer. */
class JsonRpcTableTest {
    private static final String NOBODY = UUID.randomUUID().toString();

    private static TestNode node;
    private static Rpc rpc;
    private static World world;

    @BeforeAll
    static void start() {
        node = TestNode.start();
        rpc = new Rpc(node.httpPort());
        world = World.make(rpc);
    }

    @AfterAll
    static void stop() {
        rpc.close();
        node.close();
    }

    /**
     * A method and sound parameters in order. A marked text says what else may be wrong with it: {@code U} a UUID of that thing,
     * {@code E} one of some words; {@code o} may be absent.
     */
    record Row(String method, List<Param> params) {
        @Override
        public String toString() {
            return method;
        }

        String with(String name, String json) {
            Map<String, String> given = new LinkedHashMap<>();
            params.forEach(param -> given.put(param.name, param.json.get()));
            given.put(name, json);
            return object(given);
        }

        String without(String name) {
            Map<String, String> given = new LinkedHashMap<>();
            params.forEach(param -> given.put(param.name, param.json.get()));
            given.remove(name);
            return object(given);
        }

        private static String object(Map<String, String> given) {
            return "{"
                    + String.join(
                            ",",
                            given.entrySet().stream()
                                    .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
                                    .toList())
                    + "}";
        }
    }

    private record Param(String name, String marks, Supplier<String> json) {}

    private static Param param(String name, String marks, Supplier<String> json) {
        return new Param(name, marks, json);
    }

    private static Param user(String marks) {
        return param("user_id", "U:User" + marks, () -> quoted(world.user()));
    }

    private static Param session() {
        return param("session_id", "U:Session", () -> quoted(world.session()));
    }

    private static Param goal() {
        return param("goal_id", "U:Goal", () -> quoted(world.goal()));
    }

    private static Row byId(String method, String thing, Supplier<String> id) {
        return new Row(method, List.of(param("id", "U:" + thing, () -> quoted(id.get()))));
    }

    private static Row whole(String method, String name, String getter, Supplier<String> id) {
        return new Row(
                method,
                List.of(param(name, "W", () -> JsonWriter.text(rpc.call(getter, "{\"id\":\"" + id.get() + "\"}")))));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    static Stream<Row> rows() {
        return Stream.of(people(), goals(), executions()).flatMap(rows -> rows);
    }

    private static Stream<Row> people() {
        return Stream.of(
                new Row(
                        "create_user",
                        List.of(
                                param("username", "", () -> "\"bob\""),
                                param("display_name", "o", () -> "\"B\""),
                                param("email", "o", () -> "\"b@x\""))),
                byId("get_user", "User", () -> world.user()),
                new Row(
                        "create_channel",
                        List.of(
                                user(""),
                                param("channel_type", "E", () -> "\"email\""),
                                param("channel_name", "", () -> "\"n\""),
                                param("channel_identifier", "", () -> "\"i\""))),
                byId("get_channel", "Channel", () -> world.channel()),
                whole("update_channel", "channel", "get_channel", () -> world.channel()),
                new Row("list_channels", List.of(user(""))),
                new Row(
                        "create_session",
                        List.of(user(""), param("channel_id", "oU:Channel", () -> quoted(world.channel())))),
                byId("get_session", "Session", () -> world.session()));
    }

    private static Stream<Row> goals() {
        return Stream.of(
                new Row("get_active_session", List.of(user(""))),
                new Row("list_sessions", List.of(user("o"))),
                whole("update_session", "session", "get_session", () -> world.session()),
                new Row(
                        "create_goal",
                        List.of(
                                user(""),
                                session(),
                                param("title", "", () -> "\"t\""),
                                param("description", "o", () -> "\"d\""))),
                byId("get_goal", "Goal", () -> world.goal()),
                whole("update_goal", "goal", "get_goal", () -> world.goal()),
                new Row("list_pending_goals", List.of(session())));
    }

    private static Stream<Row> executions() {
        Param name = param("tool_name", "", () -> "\"t\"");
        Param input = param("tool_input", "A", () -> "{\"a\":1}");
        return Stream.of(
                new Row("create_tool_execution", List.of(user(""), session(), goal(), name, input)),
                new Row(
                        "execute_tool_idempotent",
                        List.of(
                                user(""),
                                session(),
                                goal(),
                                name,
                                input,
                                param("idempotency_key", "o", () -> "\"k\""))),
                byId("get_tool_execution", "ToolExecution", () -> world.execution()),
                new Row("find_by_idempotency_key", List.of(param("key", "", () -> "\"k\""))),
                whole("update_tool_execution", "execution", "get_tool_execution", () -> world.execution()),
                new Row("list_tool_executions", List.of(goal())),
                new Row(
                        "create_memory",
                        List.of(
                                user(""),
                                param("content", "", () -> "\"m\""),
                                param("importance", "o", () -> "\"high\""),
                                param("tags", "oL", () -> "[\"x\"]"))),
                byId("get_memory", "Memory", () -> world.memory()),
                whole("update_memory", "memory", "get_memory", () -> world.memory()),
                new Row("list_memories", List.of(user(""), param("limit", "oN", () -> "5"))));
    }

    @Test
    void theContractHasTwentyFiveMethods() {
        assertThat(rows().map(Row::method).distinct()).hasSize(25);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void soundParametersAreAnsweredByNameAndByPosition(Row row) {
        rpc.call(row.method, row.with("unknown_field", "1"));
        rpc.call(
                row.method,
                "["
                        + String.join(
                                ",",
                                row.params.stream()
                                        .map(param -> param.json.get())
                                        .toList()) + "]");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aMissingParameterIsNamed(Row row) {
        for (Param param : row.params) {
            if (param.marks.startsWith("o") || param.marks.endsWith("o")) {
                rpc.call(row.method, row.without(param.name));
                rpc.call(row.method, row.with(param.name, "null"));
            } else {
                assertThat(rpc.error(row.method, row.without(param.name)))
                        .isEqualTo("-32602 Invalid params | " + param.name + ": missing");
                if (!param.marks.equals("A")) {
                    assertThat(rpc.error(row.method, row.with(param.name, "null")))
                            .isEqualTo("-32602 Invalid params | " + param.name + ": missing");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aParameterOfTheWrongKindIsNamed(Row row) {
        for (Param param : row.params) {
            if (!param.marks.equals("A")) {
                assertThat(rpc.error(row.method, row.with(param.name, "[true]")))
                        .startsWith("-32602 Invalid params | " + param.name);
            }
        }
        assertThat(rpc.error(row.method, "\"text\"")).startsWith("-32602 Invalid params | params");
        assertThat(rpc.error(row.method, "[1,2,3,4,5,6,7,8]")).startsWith("-32602 Invalid params | params");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aBadUuidABadWordAndAnUnknownOwnerAreErrors(Row row) {
        for (Param param : row.params) {
            if (param.marks.contains("U:")) {
                String thing =
                        param.marks.substring(param.marks.indexOf(':') + 1).replaceAll("o$", "");
                assertThat(rpc.error(row.method, row.with(param.name, "\"not-a-uuid\"")))
                        .startsWith("-32602 Invalid params | " + param.name + ": not a hyphenated UUID");
                assertThat(rpc.error(row.method, row.with(param.name, quoted(NOBODY))))
                        .isEqualTo("-32603 Not found: " + thing + " " + NOBODY + " not found");
            }
            if (param.marks.equals("E")) {
                assertThat(rpc.error(row.method, row.with(param.name, "\"pigeon\"")))
                        .startsWith("-32602 Invalid params | " + param.name + ": not one of");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void anUpdateOfNothingKnownOrWithABadWordIsAnError(Row row) {
        for (Param param : row.params) {
            if (!param.marks.equals("W")) {
                continue;
            }
            JsonObject whole = (JsonObject) Rpc.parse(param.json.get());
            assertThat(rpc.call(row.method, row.with(param.name, param.json.get())))
                    .isEqualTo(new JsonNode.JsonNull());
            assertThat(rpc.error(row.method, row.with(param.name, changed(whole, "id", quoted(NOBODY)))))
                    .startsWith("-32603 Not found: ")
                    .endsWith(NOBODY + " not found");
            assertThat(rpc.error(row.method, row.with(param.name, changed(whole, "id", "\"x\""))))
                    .startsWith("-32602 Invalid params | id");
            String word = whole.members().containsKey("status") ? "status" : "memory_type";
            assertThat(rpc.error(row.method, row.with(param.name, changed(whole, word, "\"asleep\""))))
                    .startsWith("-32602 Invalid params | " + word + ": not one of");
        }
    }

    private static String changed(JsonObject whole, String name, String json) {
        Map<String, JsonNode> members = new LinkedHashMap<>(whole.members());
        members.put(name, Rpc.parse(json));
        return JsonWriter.text(new JsonObject(members));
    }
}
