package io.statehouse.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a session's events page by page and folds them, so that no more than a page is held at once. */
final class SessionFold {
    /** Of one page; the server ends it sooner where events are large. */
    private static final long PAGE_EVENTS_MAX = 1_000;

    private final AgentClient agents;
    private final String sessionId;

    SessionFold(AgentClient agents, String sessionId) {
        this.agents = agents;
        this.sessionId = sessionId;
    }

    /** Goes on from an earlier result to the event that is the newest now; those appended meanwhile are left to the next fold. */
    <S> Folded<S> fold(Reducer<S> reducer, Folded<S> earlier) {
        long last = number(object(agents.query("events.get_session", Map.of("id", sessionId))), "event_count");
        if (earlier.sequence() > last) {
            throw new IllegalArgumentException("session " + sessionId + " has " + last
                    + " events; the earlier result is of " + earlier.sequence() + ", so it is not of this session");
        }
        Folded<S> folded = earlier;
        while (folded.sequence() < last) {
            folded = foldPage(reducer, folded, Math.min(PAGE_EVENTS_MAX, last - folded.sequence()));
        }
        return folded;
    }

    private <S> Folded<S> foldPage(Reducer<S> reducer, Folded<S> before, long limit) {
        JsonObject page = object(agents.query(
                "events.read", Map.of("id", sessionId, "from_seq", before.sequence() + 1, "limit", limit)));
        S state = before.state();
        long sequence = before.sequence();
        for (JsonElement item : page.getAsJsonArray("events")) {
            SessionEvent event = event(item.getAsJsonObject());
            if (event.sequenceNumber() != sequence + 1) {
                throw missing(sequence + 1);
            }
            state = reducer.apply(state, event);
            sequence++;
        }
        if (sequence == before.sequence()) {
            throw missing(sequence + 1);
        }
        return new Folded<>(state, sequence);
    }

    private IllegalStateException missing(long number) {
        return new IllegalStateException("session " + sessionId + " has no event " + number + " any more");
    }

    private static SessionEvent event(JsonObject event) {
        return new SessionEvent(
                text(event, "session_id"),
                number(event, "sequence_number"),
                text(event, "type"),
                Json.ofTrusted(JsonWriting.ELEMENTS.toJson(event.get("payload"))),
                Instant.parse(text(event, "timestamp")),
                metadata(event.getAsJsonObject("metadata")));
    }

    private static SessionEvent.Metadata metadata(JsonObject told) {
        Map<String, String> extra = new LinkedHashMap<>();
        if (told.has("extra")) {
            told.getAsJsonObject("extra").entrySet().forEach(one -> extra.put(one.getKey(), text(one.getValue())));
        }
        return new SessionEvent.Metadata(
                text(told, "worker_id"),
                number(told, "tokens_in"),
                number(told, "tokens_out"),
                text(told, "model"),
                text(told, "tool_name"),
                number(told, "duration_ms"),
                told.has("cost_usd") ? new BigDecimal(text(told, "cost_usd")) : BigDecimal.ZERO,
                extra);
    }

    private static JsonObject object(Json answer) {
        try {
            return JsonWriting.ELEMENTS.fromJson(answer.text()).getAsJsonObject();
        } catch (IOException e) {
            throw new IllegalStateException("the server sent what is no JSON object", e);
        }
    }

    private static long number(JsonObject object, String name) {
        return object.has(name) ? object.get(name).getAsLong() : 0;
    }

    private static String text(JsonObject object, String name) {
        return text(object.get(name));
    }

    private static String text(@Nullable JsonElement value) {
        return value == null ? "" : value.getAsString();
    }
}
