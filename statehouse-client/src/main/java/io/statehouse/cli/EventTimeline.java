package io.statehouse.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The events of a session as a person reads them: when each was, what it was, and what all of them took. */
final class EventTimeline implements EventPage {
    private static final int ID_SHOWN = 8;
    private static final int TYPE_PADDED_TO = 14;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int MILLIS_PER_CENTISECOND = 10;

    /** What tells most of an event of a type; of others all is shown. */
    private static final Map<String, List<String>> TELLING = Map.of(
            "user_message", List.of("content"),
            "plan_created", List.of("goal", "steps"),
            "tool_called", List.of("tool", "args"),
            "tool_result", List.of("result", "error"),
            "llm_request", List.of("prompt"),
            "llm_response", List.of("content"),
            "error", List.of("error", "code"));

    private final Output output;
    private long events;
    private long tokens;
    private long toolCalls;
    private BigDecimal cost = BigDecimal.ZERO;
    private @Nullable Instant first;
    private @Nullable Instant last;

    EventTimeline(Output output, String id, String name) {
        this.output = output;
        String shown = EventLines.length(id) > ID_SHOWN ? EventLines.first(id, ID_SHOWN) + "…" : id;
        output.line("╭─ Session " + shown + (name.isEmpty() ? "" : " · " + name));
    }

    @Override
    public void add(String event) {
        String type = EventSessions.text(event, "type");
        Instant at = time(event);
        first = first == null ? at : first;
        last = at;
        events++;
        String metadata = EventSessions.field(event, "metadata");
        if (type.equals("llm_request") || type.equals("llm_response")) {
            tokens += EventSessions.number(metadata, "tokens_in") + EventSessions.number(metadata, "tokens_out");
            String price = EventSessions.field(metadata, "cost_usd");
            cost = price.equals("null") ? cost : cost.add(new BigDecimal(price));
        }
        if (type.equals("tool_called")) {
            toolCalls++;
        }
        String padded = type + " ".repeat(Math.max(0, TYPE_PADDED_TO - EventLines.length(type)));
        output.line("│ " + clock(Duration.between(first, at)) + "  " + padded + "  "
                + summary(type, EventSessions.field(event, "payload")));
    }

    private static Instant time(String event) {
        try {
            return Instant.parse(EventSessions.text(event, "timestamp"));
        } catch (DateTimeParseException e) {
            throw new Complaint("the server sent an event without a time", e);
        }
    }

    private static String clock(Duration since) {
        long millis = Math.max(0, since.toMillis());
        Duration shown = Duration.ofMillis(millis);
        return String.format(
                Locale.ROOT,
                "%02d:%02d.%03d",
                shown.toMinutes(),
                shown.toSeconds() % SECONDS_PER_MINUTE,
                shown.toMillisPart());
    }

    private static String summary(String type, String payload) {
        if (!payload.startsWith("{")) {
            return ValueSummary.of(payload);
        }
        String telling = TELLING.getOrDefault(type, List.of()).stream()
                .map(name -> EventSessions.field(payload, name))
                .filter(value -> !value.equals("null"))
                .map(ValueSummary::of)
                .collect(Collectors.joining(" "));
        return telling.isEmpty() ? ValueSummary.of(payload) : telling;
    }

    @Override
    public void end() {
        output.line("╰─ Total: " + events + " events | " + tokens + " tokens | " + SessionStats.dollars(cost, 0) + " | "
                + toolCalls + " tool calls | " + seconds());
    }

    private String seconds() {
        long millis = first == null || last == null
                ? 0
                : Duration.between(first, last).toMillis();
        return String.format(
                Locale.ROOT,
                "%d.%02ds",
                millis / Duration.ofSeconds(1).toMillis(),
                millis % Duration.ofSeconds(1).toMillis() / MILLIS_PER_CENTISECOND);
    }
}
