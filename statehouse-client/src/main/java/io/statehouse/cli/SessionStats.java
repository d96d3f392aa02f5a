package io.statehouse.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a session took, in all. */
final class SessionStats {
    private static final int CENTS_DIGITS = 4;
    private static final int MILLIS_PER_CENTISECOND = 10;

    private final String session;
    private final String totals;
    private final Map<String, String> types = new TreeMap<>();

    /**
     * @param session as the server tells of it
     * @param totals its sums; without a field where there was nothing to add
     */
    SessionStats(String session, String totals) {
        this.session = session;
        this.totals = totals;
        String byType = EventSessions.field(totals, "types");
        if (!byType.equals("null")) {
            JsonText.fields(byType).forEach(field -> types.put(field.name(), field.json()));
        }
    }

    private long tokens(String which) {
        String tokens = EventSessions.field(totals, "tokens");
        return tokens.equals("null") ? 0 : EventSessions.number(tokens, which);
    }

    private BigDecimal cost() {
        String tokens = EventSessions.field(totals, "tokens");
        String cost = tokens.equals("null") ? "null" : EventSessions.field(tokens, "cost_usd");
        return cost.equals("null") ? BigDecimal.ZERO : new BigDecimal(cost);
    }

    /** From when the session began to its last event. */
    private Duration duration() {
        return Duration.between(
                Instant.parse(EventSessions.text(session, "created_at")),
                Instant.parse(EventSessions.text(session, "updated_at")));
    }

    List<String> lines() {
        String name = EventSessions.text(session, "name");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Session:", EventSessions.text(session, "id")));
        rows.add(List.of("Name:", name.isEmpty() ? "(unnamed)" : name));
        rows.add(List.of("Created:", EventSessions.text(session, "created_at")));
        BigDecimal seconds = BigDecimal.valueOf(duration().toMillis() / MILLIS_PER_CENTISECOND, 2);
        rows.add(List.of("Duration:", seconds + "s"));
        if (!labels().isEmpty()) {
            rows.add(List.of("Labels:", labels()));
        }
        rows.add(List.of("Events:", "" + EventSessions.number(totals, "events")));
        rows.add(List.of("Tool calls:", "" + EventSessions.number(totals, "tool_calls")));
        rows.add(List.of("Errors:", "" + EventSessions.number(totals, "errors")));
        rows.add(List.of("Tokens in:", "" + tokens("in")));
        rows.add(List.of("Tokens out:", "" + tokens("out")));
        rows.add(List.of("Tokens total:", "" + (tokens("in") + tokens("out"))));
        rows.add(List.of("Cost (USD):", dollars(cost(), CENTS_DIGITS)));
        types.forEach((type, count) -> rows.add(List.of("  " + type, count)));
        return Columns.of(rows);
    }

    private String labels() {
        String labels = EventSessions.field(session, "labels");
        return labels.equals("null")
                ? ""
                : String.join(
                        ", ",
                        JsonText.fields(labels).stream()
                                .map(label -> label.name() + "=" + JsonText.string(label.json()))
                                .toList());
    }

    String json() {
        var byType = new JsonLine();
        types.forEach(byType::json);
        String labels = EventSessions.field(session, "labels");
        return new JsonLine()
                .text("id", EventSessions.text(session, "id"))
                .text("name", EventSessions.text(session, "name"))
                .text("created_at", EventSessions.text(session, "created_at"))
                .number("duration_ms", duration().toMillis())
                .json("labels", labels.equals("null") ? "{}" : labels)
                .number("events", EventSessions.number(totals, "events"))
                .number("tool_calls", EventSessions.number(totals, "tool_calls"))
                .number("errors", EventSessions.number(totals, "errors"))
                .number("tokens_in", tokens("in"))
                .number("tokens_out", tokens("out"))
                .json("cost_usd", plain(cost(), 0))
                .json("types", byType.toString())
                .toString();
    }

    /** An amount with every digit that it has, and at least so many behind the point. */
    static String dollars(BigDecimal amount, int digitsMin) {
        return "$" + plain(amount, digitsMin);
    }

    private static String plain(BigDecimal amount, int digitsMin) {
        BigDecimal shortest = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
        return shortest.setScale(Math.max(digitsMin, shortest.scale()), RoundingMode.UNNECESSARY)
                .toPlainString();
    }
}
