package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The failures that this layer is there for, each a test. */
class LostWritesTest {
    @RegisterExtension
    static final AgentNode NODE = new AgentNode();

    private final Rpc rpc = NODE.rpc();

    private void session(String id, String writers) {
        rpc.call("events.create_session", "{\"id\":\"" + id + "\",\"writers\":\"" + writers + "\"}");
    }

    private String append(String type, String more) {
        return "{\"session_id\":\"s\",\"type\":\"" + type + "\",\"payload\":{\"x\":1}" + more + "}";
    }

    private static String fence(JsonNode opened) {
        JsonNode lease =
                Rpc.items(Objects.requireNonNull(Rpc.member(opened, "leases"))).get(0);
        return ",\"fences\":[{\"resource\":\"" + Rpc.text(lease, "resource") + "\",\"token\":"
                + Rpc.text(lease, "token") + "}]";
    }

    private JsonNode open(String writer) {
        return rpc.call("events.open_writer", "{\"id\":\"s\",\"writer\":\"" + writer + "\"}");
    }

    @Test
    void twoProcessesOnOneSessionTheStaleTokenIsRefusedBeforeTheWrite() {
        session("s", "fenced");
        String first = fence(open("one"));
        rpc.call("events.append", append("user_message", first));
        String second = fence(open("two"));

        assertThat(rpc.error("events.append", append("user_message", first)))
                .startsWith("-32603 the lease on event-session/s is not the caller's any more");
        rpc.call("events.append", append("user_message", second));

        assertThat(count()).isEqualTo(2);
    }

    @Test
    void twoRunnersNeverInterleaveWhereTheSecondIsRejected() {
        session("s", "reject");
        String first = fence(open("one"));

        assertThat(rpc.error("events.open_writer", "{\"id\":\"s\",\"writer\":\"two\"}"))
                .isEqualTo("-32603 event session s has a writer already");
        assertThat(rpc.error("events.append", append("custom", "")))
                .startsWith("-32603 event session s takes events of its writer only");
        rpc.call("events.append", append("custom", first));
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void aSecondWriterAppendsWithoutKillingTheFirst() {
        session("s", "append");
        Set<String> numbers = ConcurrentHashMap.newKeySet();

        Rpc.atOnce(
                100,
                writer -> numbers.add(Rpc.text(rpc.call("events.append", append("custom", "")), "sequence_number")));

        assertThat(numbers.stream().map(Long::valueOf).sorted().toList())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void aLateWriteAfterADeleteIsRefused() {
        session("s", "append");
        rpc.call("events.append", append("custom", ""));
        rpc.call("events.delete_session", "{\"id\":\"s\"}");

        assertThat(rpc.error("events.append", append("custom", "")))
                .isEqualTo("-32603 Not found: event session s not found");
        assertThat(rpc.error("events.state", "{\"id\":\"s\"}")).contains("Not found");
        assertThat(rpc.error("events.read", "{\"id\":\"never\"}")).contains("Not found");
        assertThat(rpc.error("events.create_session", "{\"id\":\"s\"}")).contains("was deleted; an id is used once");
    }

    @Test
    void anExpectedSequenceThatHasPassedIsAConflict() {
        session("s", "append");
        rpc.call("events.append", append("custom", ",\"expected_sequence\":0"));

        assertThat(rpc.error("events.append", append("custom", ",\"expected_sequence\":0")))
                .contains("current version is 1");
    }

    @Test
    void whatASessionTookIsExactInAllAndByModelAndTool() {
        session("s", "append");
        String llm = ",\"metadata\":{\"model\":\"m\",\"tokens_in\":1000,\"tokens_out\":17,\"cost_usd\":0.001}";
        for (int round = 0; round < 10; round++) {
            rpc.call("events.append", append("llm_response", llm));
        }
        rpc.call("events.append", append("tool_called", ",\"metadata\":{\"tool_name\":\"t\",\"worker_id\":\"w\"}"));
        rpc.call("events.append", append("error", ""));

        JsonNode state = rpc.call("events.state", "{\"id\":\"s\"}");
        assertThat(JsonWriter.text(state))
                .contains("\"version\":12", "\"event_count\":12")
                .contains("\"tokens\":{\"in\":10000,\"out\":170,\"cost_usd\":0.010}")
                .contains("\"tool_calls\":1,\"errors\":1")
                .contains("\"data\":{\"error\":{\"x\":1},\"llm_response\":{\"x\":1},\"tool_called\":{\"x\":1}}");
        assertThat(JsonWriter.text(rpc.call("events.totals", "{\"id\":\"s\",\"by\":\"model\"}")))
                .contains("\"m\":{\"events\":10", "0.010");
        assertThat(JsonWriter.text(rpc.call("events.totals", "{\"id\":\"s\",\"by\":\"tool\"}")))
                .contains("\"t\":{\"events\":1,\"tool_calls\":1");
    }

    @Test
    void tokensBeyondWhatALongHoldsAreSummedAndShown() {
        session("s", "append");
        for (int round = 0; round < 10; round++) {
            rpc.call("events.append", append("llm_response", ",\"metadata\":{\"tokens_in\":999999999999999999}"));
        }

        assertThat(JsonWriter.text(rpc.call("events.state", "{\"id\":\"s\"}")))
                .contains("\"tokens\":{\"in\":9999999999999999990,\"out\":0,\"cost_usd\":0}");
    }

    @Test
    void eventsAreReadFromANumberAndByType() {
        session("s", "append");
        for (String type : List.of("user_message", "error", "custom", "error")) {
            rpc.call("events.append", append(type, ""));
        }

        JsonNode page = rpc.call("events.read", "{\"id\":\"s\",\"from_seq\":2,\"types\":[\"error\"]}");

        assertThat(Rpc.items(Objects.requireNonNull(Rpc.member(page, "events"))))
                .extracting(event -> Rpc.text(event, "sequence_number"))
                .containsExactly("2", "4");
        JsonNode first = rpc.call("events.read", "{\"id\":\"s\",\"limit\":3}");
        assertThat(Rpc.text(first, "next_seq")).isEqualTo("4");
    }

    private int count() {
        return Integer.parseInt(Rpc.text(rpc.call("events.get_session", "{\"id\":\"s\"}"), "event_count"));
    }

    @Test
    void sessionsAreFilteredByLabelBeforePagesAreCut() {
        for (int index = 0; index < 6; index++) {
            rpc.call(
                    "events.create_session",
                    "{\"id\":\"" + index + "\",\"labels\":{\"parity\":\"" + (index % 2 == 0 ? "even" : "odd") + "\"}}");
        }

        assertThat(Rpc.items(
                        rpc.call("events.list_sessions", "{\"labels\":{\"parity\":\"odd\"},\"limit\":2,\"offset\":1}")))
                .extracting(session -> Rpc.text(session, "id"))
                .containsExactly("3", "1");
        assertThat(rpc.error("events.create_session", "{\"id\":\"0\"}")).contains("event session 0 exists");
    }
}
