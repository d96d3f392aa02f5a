package io.statehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.statehouse.client.AgentClient;
import io.statehouse.client.Folded;
import io.statehouse.client.Json;
import io.statehouse.client.Reducer;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.SessionEvent;
import io.statehouse.client.SessionState;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.node.EmbeddedStatehouse;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions folded by reducers of the caller's, each test in a namespace of its own. */
class SessionFoldTest {
    private static final int IMPORTED_AT_ONCE = 100;

    private static EmbeddedStatehouse node;
    private static StatehouseClient connection;
    private AgentClient agents;

    @BeforeAll
    static void start() {
        node = EmbeddedStatehouse.inMemory();
        connection = StatehouseClient.connect(node.address());
    }

    @AfterAll
    static void stop() {
        connection.close();
        node.close();
    }

    @BeforeEach
    void isolate() {
        agents = connection.inNamespace("folds-" + UUID.randomUUID()).agentLayer();
    }

    /** The numbers of all events, which shows what was read. */
    private static final class Numbers implements Reducer<List<Long>> {
        private int applied;

        @Override
        public List<Long> initial() {
            return List.of();
        }

        @Override
        public List<Long> apply(List<Long> state, SessionEvent event) {
            applied++;
            var longer = new ArrayList<>(state);
            longer.add(event.sequenceNumber());
            return longer;
        }
    }

    private void imported(int from, int to) {
        Map<String, Object> session = Map.of("id", "s", "created_at", "2026-11-21T10:00:00Z");
        for (int first = from; first <= to; first += IMPORTED_AT_ONCE) {
            List<Object> batch = new ArrayList<>();
            for (int number = first; number < first + IMPORTED_AT_ONCE; number++) {
                batch.add(Map.of("sequence_number", number, "type", "custom", "timestamp", "2026-11-21T10:00:00Z"));
            }
            agents.execute("events.import", Map.of("session", session, "events", batch));
        }
    }

    private void append(String type, Json payload, Json metadata) {
        agents.execute(
                "events.append", Map.of("session_id", "s", "type", type, "payload", payload, "metadata", metadata));
    }

    @Test
    void theUsualReducerComesToWhatTheServerAnswers() {
        agents.execute("events.create_session", Map.of("id", "s"));
        append("user_message", Json.parse("{\"content\":\"ä</b>\",\"n\":1.50E+2}"), Json.EMPTY_OBJECT);
        append("llm_request", Json.NULL, Json.parse("{\"tokens_in\":600,\"model\":\"m\"}"));
        append("llm_response", Json.parse("[]"), Json.parse("{\"tokens_out\":70,\"cost_usd\":0.0010}"));
        append("llm_response", Json.parse("-0"), Json.parse("{\"tokens_out\":1,\"cost_usd\":1e-4,\"duration_ms\":7}"));
        append("tool_called", Json.of("x"), Json.parse("{\"tool_name\":\"t\",\"tokens_in\":9,\"cost_usd\":9}"));
        append("error", Json.of("y"), Json.parse("{\"worker_id\":\"w\",\"extra\":{\"a\":\"b\"}}"));

        SessionState state = agents.fold("s", SessionState.REDUCER).state();

        Json answer = agents.query("events.state", Map.of("id", "s"));
        var told = answer.toMap();
        assertThat(answer.text()).contains("\"data\":" + Json.of(state.data()).text());
        assertThat(state.version()).isEqualTo(told.get("version")).isEqualTo(6L);
        assertThat(state.eventCount()).isEqualTo(told.get("event_count"));
        assertThat(String.valueOf(state.lastEventAt())).isEqualTo(told.get("last_event_at"));
        assertThat(state.toolCalls()).isEqualTo(told.get("tool_calls")).isEqualTo(1L);
        assertThat(state.errors()).isEqualTo(told.get("errors")).isEqualTo(1L);
        Map<?, ?> tokens = (Map<?, ?>) Objects.requireNonNull(told.get("tokens"));
        assertThat(state.tokensIn()).hasToString(String.valueOf(tokens.get("in")));
        assertThat(state.tokensOut()).hasToString(String.valueOf(tokens.get("out")));
        assertThat(state.costUsd()).isEqualByComparingTo(new BigDecimal(String.valueOf(tokens.get("cost_usd"))));
    }

    @Test
    void aFoldReadsPageByPageAndGoesOnFromAnEarlierResult() {
        imported(1, 1_200);
        Folded<List<Long>> first = agents.fold("s", new Numbers());
        imported(1_201, 1_300);
        Numbers further = new Numbers();

        Folded<List<Long>> second = agents.fold("s", further, first);

        assertThat(first.state())
                .isEqualTo(LongStream.rangeClosed(1, 1_200).boxed().toList());
        assertThat(second.state())
                .isEqualTo(LongStream.rangeClosed(1, 1_300).boxed().toList());
        assertThat(second.sequence()).isEqualTo(1_300);
        assertThat(further.applied).isEqualTo(100);
        assertThat(agents.fold("s", further, second)).isEqualTo(second);
    }

    @Test
    void anEventIsTypedAndItsPayloadStaysAsItWasWritten() {
        agents.execute("events.create_session", Map.of("id", "s"));
        append(
                "error",
                Json.parse("[1.50E+2,-0]"),
                Json.parse(
                        "{\"worker_id\":\"w\",\"model\":\"m\",\"tool_name\":\"t\","
                                + "\"tokens_in\":1,\"tokens_out\":2,\"duration_ms\":3,\"cost_usd\":0.10,\"extra\":{\"a\":\"b\"}}"));

        SessionEvent event = agents.fold("s", new Last()).state().orElseThrow();

        assertThat(event.sessionId()).isEqualTo("s");
        assertThat(event.type()).isEqualTo("error");
        assertThat(event.payload()).isEqualTo(Json.parse("[1.50E+2,-0]"));
        assertThat(event.metadata())
                .isEqualTo(new SessionEvent.Metadata("w", 1, 2, "m", "t", 3, new BigDecimal("0.10"), Map.of("a", "b")));
    }

    private static final class Last implements Reducer<Optional<SessionEvent>> {
        @Override
        public Optional<SessionEvent> initial() {
            return Optional.empty();
        }

        @Override
        public Optional<SessionEvent> apply(Optional<SessionEvent> state, SessionEvent event) {
            return Optional.of(event);
        }
    }

    @Test
    void anEarlierResultOfAnotherSessionIsRefused() {
        agents.execute("events.create_session", Map.of("id", "s"));
        append("custom", Json.NULL, Json.EMPTY_OBJECT);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> agents.fold("s", new Numbers(), new Folded<>(List.of(), 2)))
                .withMessageContaining("session s has 1 events; the earlier result is of 2");
        assertThatExceptionOfType(StatehouseException.Refused.class)
                .isThrownBy(() -> agents.fold("never", new Numbers()))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(RefusalCode.KEY_NOT_FOUND));
    }
}
