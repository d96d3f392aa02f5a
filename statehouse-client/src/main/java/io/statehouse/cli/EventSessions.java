package io.statehouse.cli;

import io.statehouse.client.AgentClient;
import io.statehouse.client.Json;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.StatehouseException.Refused;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions of typed events as the cluster tells of them, each as the JSON text that it answered. */
final class EventSessions {
    /** A page ends with so many events, or sooner where they are large. */
    private static final long PAGE_EVENTS = 1_000;

    private final AgentClient agents;

    EventSessions(Session session) {
        this.agents = session.client().agentLayer();
    }

    List<String> list(long limit, long offset, Map<String, String> labels) {
        Map<String, Object> params = new HashMap<>(Map.of("limit", limit, "offset", offset));
        if (!labels.isEmpty()) {
            params.put("labels", labels);
        }
        return JsonText.elements(agents.query("events.list_sessions", params).text());
    }

    /** Who is shown ids. */
    interface IdReader {
        void read(String id) throws IOException;
    }

    /** Shows the ids of all sessions, the oldest first. */
    void ids(IdReader reader) throws IOException {
        long next = 1;
        while (next != 0) {
            String page =
                    agents.query("events.session_ids", Map.of("from", next)).text();
            for (String id : JsonText.elements(field(page, "ids"))) {
                reader.read(JsonText.string(id));
            }
            next = number(page, "next");
        }
    }

    String session(String id) {
        return agents.query("events.get_session", Map.of("id", id)).text();
    }

    /** The same; null where there is none. */
    @Nullable
    String findSession(String id) {
        try {
            return session(id);
        } catch (Refused e) {
            if (e.code() == RefusalCode.KEY_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    String state(String id) {
        return agents.query("events.state", Map.of("id", id)).text();
    }

    String totals(String id) {
        return agents.query("events.totals", Map.of("id", id)).text();
    }

    /** A session of users and goals, with all that was done in it. */
    String audit(String id) {
        return agents.query("session.audit", Map.of("id", id)).text();
    }

    void take(Map<String, ?> imported) {
        agents.execute("events.import", imported);
    }

    /** Who is shown events. */
    interface Reader {
        /** Whether more are wanted. */
        boolean read(String event) throws IOException;
    }

    /**
     * Shows events in their order for as long as they are wanted.
     *
     * @param narrowed which of them, as {@code events.read} takes it
     * @param span the numbers to look at
     */
    void events(String id, Map<String, ?> narrowed, Span span, Reader reader) throws IOException {
        Map<String, Object> params = new HashMap<>(narrowed);
        params.put("id", id);
        long next = Math.max(1, span.first());
        while (next != 0 && next <= span.last()) {
            params.put("from_seq", next);
            params.put("limit", Math.min(PAGE_EVENTS, span.last() - next + 1));
            String page = agents.query("events.read", params).text();
            for (String event : JsonText.elements(field(page, "events"))) {
                if (!reader.read(event)) {
                    return;
                }
            }
            String following = field(page, "next_seq");
            next = following.equals("null") ? 0 : Json.parse(following).longValue();
        }
    }

    /** The numbers of the first and the last event to look at. */
    record Span(long first, long last) {
        static Span from(long first) {
            return new Span(first, Long.MAX_VALUE);
        }
    }

    /** The text of a field's value; {@code null} where there is none. */
    static String field(String json, String name) {
        return JsonText.fields(json).stream()
                .filter(field -> field.name().equals(name))
                .map(JsonText.Field::json)
                .findFirst()
                .orElse("null");
    }

    /** The text that a field holds; empty where it holds none. */
    static String text(String json, String name) {
        String value = field(json, name);
        return value.startsWith("\"") ? JsonText.string(value) : "";
    }

    /** The whole number that a field holds; 0 where it holds none. */
    static long number(String json, String name) {
        String value = field(json, name);
        return value.equals("null") ? 0 : Json.parse(value).longValue();
    }
}
