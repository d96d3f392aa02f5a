package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.statehouse.node.TestNode;
import io.statehouse.node.config.ConfigException;
import io.statehouse.node.config.Setting;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reducers in jars of their own, which do all that they should not. */
class ReducerPluginTest {
    /** Counts events in its state, and beside it how often it was called in this JVM, which a pure one would not. */
    private static final String CALLS = """
            private final AtomicInteger calls = new AtomicInteger();
            @Override public JsonNode initial() { return new JsonNode.JsonString("0 events, 0 calls"); }
            @Override public JsonNode apply(JsonNode state, JsonNode event) {
                String text = ((JsonNode.JsonString) state).value();
                int events = 1 + Integer.parseInt(text.substring(0, text.indexOf(' ')));
                return new JsonNode.JsonString(events + " events, " + calls.incrementAndGet() + " calls");
            }
            """;

    private static final String UNRULY = """
            @Override public JsonNode initial() { return new JsonNode.JsonNull(); }
            @Override public JsonNode apply(JsonNode state, JsonNode event) {
                String type = ((JsonNode.JsonString) ((JsonNode.JsonObject) event).members().get("type")).value();
                switch (type) {
                    case "throw": throw new IllegalArgumentException("no");
                    case "exhaust": return apply(state, event);
                    case "null": return null;
                    case "large": return new JsonNode.JsonString("x".repeat(2_000_000));
                    case "malformed": return new JsonNode.JsonNumber("1,");
                    case "hang": while (true) { java.util.concurrent.locks.LockSupport.park(); Thread.interrupted(); }
                    case "look":
                        try {
                            Class.forName("io.statehouse.node.StatehouseNode");
                            return new JsonNode.JsonString("seen");
                        } catch (ClassNotFoundException e) {
                            return new JsonNode.JsonString("not seen");
                        }
                    default: return state;
                }
            }
            """;

    private static final String HELD_PROPERTY = "statehouse.test.held";
    private static final String BEGUN_PROPERTY = "statehouse.test.begun";

    /** Stays at event 150 for as long as it is held, and tells how often it has begun with the first. */
    private static final String HELD = """
            @Override public JsonNode initial() { return new JsonNode.JsonNumber("0"); }
            @Override public JsonNode apply(JsonNode state, JsonNode event) {
                int number = 1 + Integer.parseInt(((JsonNode.JsonNumber) state).text());
                if (number == 1) {
                    System.setProperty("statehouse.test.begun", "" + (1 + Integer.getInteger("statehouse.test.begun", 0)));
                }
                while (number == 150 && Boolean.getBoolean("statehouse.test.held")) {
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                    if (Thread.interrupted()) {
                        throw new IllegalStateException("interrupted");
                    }
                }
                return new JsonNode.JsonNumber("" + number);
            }
            """;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private static Path jars;

    private static TestNode node;
    private Rpc rpc;

    @BeforeAll
    static void ship() throws IOException {
        ReducerJar.write(jars.resolve("calls.jar"), "calls", "1", CALLS);
        ReducerJar.write(jars.resolve("other.jar"), "other", "1", CALLS);
        ReducerJar.write(jars.resolve("held.jar"), "held", "1", HELD);
        ReducerJar.write(jars.resolve("unruly.jar"), "unruly", "2.0", UNRULY);
        node = start(Map.of());
    }

    private static TestNode start(Map<Setting, String> more) {
        Map<Setting, String> settings = new EnumMap<>(Setting.class);
        settings.put(Setting.AGENT_REDUCERS_DIR, jars.toString());
        settings.putAll(more);
        return TestNode.start(settings);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void make() {
        rpc = new Rpc(node.httpPort());
    }

    @AfterEach
    void close() {
        rpc.close();
    }

    private static void imported(Rpc to, int from, int last) {
        for (int first = from; first <= last; first += 100) {
            String events = IntStream.range(first, Math.min(first + 100, last + 1))
                    .mapToObj(number -> "{\"sequence_number\":" + number
                            + ",\"type\":\"custom\",\"timestamp\":\"2026-11-21T10:00:00Z\"}")
                    .collect(Collectors.joining(","));
            to.call(
                    "events.import",
                    "{\"session\":{\"id\":\"s\",\"created_at\":\"2026-11-21T10:00:00Z\"},\"events\":[" + events + "]}");
        }
    }

    private static String fold(String reducer) {
        return "{\"id\":\"s\",\"reducer\":\"" + reducer + "\"}";
    }

    private static String state(Rpc of, String reducer) {
        return JsonWriter.text(Objects.requireNonNull(Rpc.member(of.call("events.fold", fold(reducer)), "state")));
    }

    private void sessionWith(String type) {
        rpc.call("events.create_session", "{\"id\":\"s\"}");
        rpc.call("events.append", "{\"session_id\":\"s\",\"type\":\"" + type + "\"}");
    }

    @Test
    void aReadAppliesNoMoreEventsThanThereAreSinceTheLastHundred() {
        imported(rpc, 1, 250);

        assertThat(state(rpc, "other")).isEqualTo("\"250 events, 250 calls\"");
        assertThat(state(rpc, "other")).isEqualTo("\"250 events, 300 calls\"");
        imported(rpc, 251, 1_300);
        assertThat(state(rpc, "other")).isEqualTo("\"1300 events, 1400 calls\"");
        assertThat(state(rpc, "other")).isEqualTo("\"1300 events, 1400 calls\"");
        imported(rpc, 1_301, 1_301);
        assertThat(state(rpc, "other")).isEqualTo("\"1301 events, 1401 calls\"");
    }

    @Test
    void whatWasFoldedByAnotherReducerIsNotGoneOnFrom() {
        imported(rpc, 1, 100);

        JsonNode one = rpc.call("events.fold", fold("calls"));
        JsonNode unruly = rpc.call("events.fold", fold("unruly"));

        assertThat(JsonWriter.text(one))
                .startsWith("{\"session_id\":\"s\",\"version\":100,\"reducer\":\"calls\",\"reducer_version\":\"1\","
                        + "\"state\":\"100 events, ");
        assertThat(JsonWriter.text(unruly)).contains("\"reducer_version\":\"2.0\",\"state\":null");
    }

    @Test
    void withoutSnapshotsEachReadFoldsTheWholeSession() {
        try (TestNode other = start(Map.of(Setting.AGENT_SNAPSHOT_EVENTS, "0"));
                Rpc there = new Rpc(other.httpPort())) {
            imported(there, 1, 200);

            assertThat(state(there, "calls")).isEqualTo("\"200 events, 200 calls\"");
            assertThat(state(there, "calls")).isEqualTo("\"200 events, 400 calls\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "throw, java.lang.IllegalArgumentException: no",
        "exhaust, java.lang.StackOverflowError",
        "null, it gave null",
        "large, reducerStateBytesMax is 1048576",
        "malformed, its state is no JSON"
    })
    void aReducerThatFailsIsNamedAndTheNodeGoesOn(String how, String why) {
        sessionWith(how);

        assertThat(rpc.error("events.fold", fold("unruly")))
                .startsWith("-32603 reducer unruly 2.0 failed after event ")
                .contains("of session s: ", why);
        assertThat(state(rpc, "calls")).startsWith("\"1 events, ");
    }

    @Test
    void aReducerThatNeverEndsHoldsUpNobodyButItself() {
        try (TestNode other = start(Map.of(Setting.AGENT_REDUCER_TIME_MAX_MS, "300"));
                Rpc there = new Rpc(other.httpPort())) {
            there.call("events.create_session", "{\"id\":\"s\"}");
            there.call("events.append", "{\"session_id\":\"s\",\"type\":\"hang\"}");

            assertThat(there.error("events.fold", fold("unruly")))
                    .startsWith("-32603 reducer unruly 2.0 was at event 0 of 1 of session s when its time was over");
            await().atMost(PATIENCE)
                    .until(() -> there.error("events.fold", fold("unruly"))
                            .contains("reducer unruly 2.0 is in use by 2 calls, as many as may be"));

            await().atMost(PATIENCE)
                    .until(() -> Rpc.member(there.answer("events.fold", fold("calls")), "result") != null);
        }
    }

    @Test
    void aFoldThatRanOutOfItsTimeIsGoneOnFrom() {
        System.setProperty(HELD_PROPERTY, "true");
        try (TestNode other = start(Map.of(Setting.AGENT_REDUCER_TIME_MAX_MS, "1000"));
                Rpc there = new Rpc(other.httpPort())) {
            imported(there, 1, 250);
            await().atMost(PATIENCE)
                    .until(() -> there.error("events.fold", fold("held")).contains("was at event 149 of 250"));
            String begun = System.getProperty(BEGUN_PROPERTY);

            System.clearProperty(HELD_PROPERTY);

            await().atMost(PATIENCE)
                    .until(() -> JsonWriter.text(there.answer("events.fold", fold("held")))
                            .contains("\"state\":250"));
            assertThat(System.getProperty(BEGUN_PROPERTY)).isEqualTo(begun);
        } finally {
            System.clearProperty(HELD_PROPERTY);
            System.clearProperty(BEGUN_PROPERTY);
        }
    }

    @Test
    void aReducerSeesItsOwnJarAndNothingOfTheNode() {
        sessionWith("look");

        assertThat(state(rpc, "unruly")).isEqualTo("\"not seen\"");
    }

    @Test
    void aJarThatCannotBeLoadedIsLeftOutAndTheNodeStarts(@TempDir Path several) throws IOException {
        ReducerJar.write(several.resolve("a.jar"), "calls", "1", CALLS);
        ReducerJar.write(several.resolve("b.jar"), "calls", "2", CALLS);
        ReducerJar.write(several.resolve("c.jar"), "no name", "1", CALLS);
        ReducerJar.write(several.resolve("d.jar"), "d", "1", CALLS + "static { if (true) throw new Error(); }");
        Files.writeString(several.resolve("e.jar"), "no jar");

        try (TestNode other = start(Map.of(Setting.AGENT_REDUCERS_DIR, several.toString()));
                Rpc there = new Rpc(other.httpPort())) {
            assertThat(JsonWriter.text(there.call("events.reducers", "{}")))
                    .isEqualTo("[{\"name\":\"calls\",\"version\":\"1\"}]");
        }
    }

    @Test
    void whatIsNotThereIsNotFound() {
        sessionWith("custom");

        assertThat(rpc.error("events.fold", fold("never"))).isEqualTo("-32603 Not found: reducer never not found");
        rpc.call("events.delete_session", "{\"id\":\"s\"}");
        assertThat(rpc.error("events.fold", fold("calls"))).isEqualTo("-32603 Not found: event session s not found");
    }

    @Test
    void aDirectoryThatIsNotThereIsAnError() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> start(
                        Map.of(Setting.AGENT_REDUCERS_DIR, jars.resolve("never").toString())))
                .withMessageContaining("agent.reducers.dir");
    }
}
