package io.statehouse.examples;

import io.statehouse.client.AgentClient;
import io.statehouse.client.Json;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.StatehouseException.Refused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A session of events: the memory of an agent, which it finds again when it is started anew. */
record EventLog(AgentClient agents, String id) {
    /**
     * Opens a session, and makes it if it is not there.
     *
     * <p>All runs do it under one transaction id: whether this try made it, or one whose answer was lost, or an earlier run, the
     * answer is the same.
     */
    static EventLog open(AgentClient agents, String id, String writers) {
        try {
            agents.execute("open-" + id, "events.create_session", Map.of("id", id, "writers", writers));
        } catch (Refused e) {
            if (e.code() != RefusalCode.RULE_BROKEN) {
                throw e;
            }
            // It is there: a run of long ago made it, and its transaction id is forgotten.
        }
        return new EventLog(agents, id);
    }

    long count() {
        return number(
                agents.query("events.get_session", Map.of("id", id)).toMap().get("event_count"));
    }

    /**
     * Appends an event, unless another run has appended one meanwhile.
     *
     * @param after how many events there are as far as the caller knows
     * @param more metadata, or the fence of a writer
     */
    boolean append(long after, String type, Map<String, ?> payload, Map<String, ?> more) {
        Map<String, Object> event = new HashMap<>(more);
        event.put("session_id", id);
        event.put("type", type);
        event.put("payload", payload);
        event.put("expected_sequence", after);
        try {
            agents.execute("events.append", event);
            return true;
        } catch (Refused e) {
            if (e.code() == RefusalCode.CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    /** All events of a session of at most a few thousand. */
    List<Map<?, ?>> read() {
        Json page = agents.query("events.read", Map.of("id", id));
        return ((List<?>) Objects.requireNonNull(page.toMap().get("events")))
                .stream().<Map<?, ?>>map(event -> (Map<?, ?>) event).toList();
    }

    static long number(@Nullable Object value) {
        return ((Number) Objects.requireNonNull(value)).longValue();
    }
}
