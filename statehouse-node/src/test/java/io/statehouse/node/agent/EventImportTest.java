package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventImportTest {
    private static final String SESSION =
            "{\"id\":\"old\",\"name\":\"trip\",\"created_at\":\"2020-01-01T00:00:00Z\",\"labels\":{\"team\":\"a\"}}";

    @RegisterExtension
    static final AgentNode NODE = new AgentNode();

    private final Rpc rpc = NODE.rpc();

    private static String event(int number, String type, String more) {
        return "{\"session_id\":\"old\",\"sequence_number\":" + number + ",\"type\":\"" + type
                + "\",\"payload\":{\"n\":" + number + "},\"timestamp\":\"2020-01-01T00:00:0" + number
                + ".123456789Z\",\"metadata\":{" + more + "}}";
    }

    private static String given(String events, String more) {
        return "{\"session\":" + SESSION + ",\"events\":[" + events + "]" + more + "}";
    }

    @Test
    void importedEventsKeepTheirNumbersAndTheirTimes() {
        String first = event(1, "llm_response", "\"tokens_in\":7,\"cost_usd\":0.001");
        String second = event(2, "llm_response", "\"tokens_in\":7,\"cost_usd\":0.001");
        rpc.call("events.import", given(first + "," + second, ""));
        rpc.call("events.import", given(event(3, "error", ""), ""));

        JsonNode events = Objects.requireNonNull(Rpc.member(rpc.call("events.read", "{\"id\":\"old\"}"), "events"));
        assertThat(Rpc.items(events))
                .extracting(JsonWriter::text)
                .containsExactly(first, second, event(3, "error", ""));
        assertThat(JsonWriter.text(rpc.call("events.get_session", "{\"id\":\"old\"}")))
                .contains(
                        "\"created_at\":\"2020-01-01T00:00:00Z\"",
                        "\"updated_at\":\"2020-01-01T00:00:03.123456789Z\"",
                        "\"event_count\":3",
                        "\"labels\":{\"team\":\"a\"}");
        assertThat(JsonWriter.text(rpc.call("events.state", "{\"id\":\"old\"}")))
                .contains("\"last_event_at\":\"2020-01-01T00:00:03.123456789Z\"", "\"in\":14", "\"cost_usd\":0.002");
        JsonNode late = rpc.call("events.read", "{\"id\":\"old\",\"from_time\":\"2020-01-01T00:00:03Z\"}");
        assertThat(Rpc.items(Objects.requireNonNull(Rpc.member(late, "events"))))
                .hasSize(1);
    }

    @Test
    void anImportThatIsRepeatedOrHasAGapIsRefused() {
        rpc.call("events.import", given(event(1, "custom", ""), ""));

        assertThat(rpc.error("events.import", given(event(1, "custom", ""), "")))
                .contains("current version is 1");
        assertThat(rpc.error("events.import", given(event(3, "custom", ""), "")))
                .contains("current version is 1");
        assertThat(rpc.error("events.import", given(event(2, "custom", "") + "," + event(4, "custom", ""), "")))
                .contains("sequence_number");
        assertThat(rpc.error("events.import", given(event(2, "custom", "").replace("89Z", "89+01:00"), "")))
                .contains("timestamp");
        assertThat(Rpc.text(rpc.call("events.get_session", "{\"id\":\"old\"}"), "event_count"))
                .isEqualTo("1");
    }

    @Test
    void aSessionOfThisClusterTakesNoEventsByImport() {
        rpc.call("events.create_session", "{\"id\":\"old\"}");

        assertThat(rpc.error("events.import", given(event(1, "custom", ""), "")))
                .contains("was not imported");
    }

    @Test
    void theWritersOfAnImportedSessionAreGuardedOnceItIsComplete() {
        rpc.call("events.import", given(event(1, "custom", ""), ""));
        rpc.call("events.import", given(event(2, "custom", ""), ",\"writers\":\"fenced\""));

        assertThat(rpc.error("events.append", "{\"session_id\":\"old\",\"type\":\"custom\",\"payload\":1}"))
                .contains("takes events of its writer only");
        assertThat(rpc.error("events.import", given(event(3, "custom", ""), "")))
                .contains("guarded");
        assertThat(Rpc.text(rpc.call("events.get_session", "{\"id\":\"old\"}"), "writers"))
                .isEqualTo("fenced");
    }
}
