package io.statehouse.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A session of users and goals as lines: the session, each goal, and each execution of a tool for it. */
final class SessionReplay {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int OUTPUT_SHOWN = 60;
    private static final String GOAL = "  ";
    private static final String EXECUTION = "    ";

    private final List<String> lines = new ArrayList<>();
    private long executions;

    private SessionReplay() {}

    /** @param audit what {@code session.audit} answers */
    static List<String> of(String audit) {
        var replay = new SessionReplay();
        replay.box("SESSION REPLAY");
        String session = EventSessions.field(audit, "session");
        replay.line("", "Session ID", EventSessions.text(session, "id"));
        replay.line("", "User ID", EventSessions.text(session, "user_id"));
        replay.line("", "Status", camelCase(EventSessions.text(session, "status")));
        replay.line("", "Created", time(DAY, EventSessions.text(session, "created_at")));
        replay.line("", "Last Activity", time(DAY, EventSessions.text(session, "last_activity_at")));
        List<String> goals = JsonText.elements(EventSessions.field(audit, "goals"));
        replay.box("GOALS (" + goals.size() + ")");
        for (int number = 1; number <= goals.size(); number++) {
            replay.goal(number, goals.get(number - 1));
        }
        replay.lines.add("");
        replay.lines.add(
                "Replay complete. " + goals.size() + " goal(s), " + replay.executions + " execution(s) total.");
        return List.copyOf(replay.lines);
    }

    private void goal(int number, String goalAndExecutions) {
        String goal = EventSessions.field(goalAndExecutions, "goal");
        lines.add("");
        lines.add("Goal #" + number + ": " + EventSessions.text(goal, "title"));
        line(GOAL, "ID", EventSessions.text(goal, "id"));
        line(GOAL, "Status", camelCase(EventSessions.text(goal, "status")));
        line(GOAL, "Priority", camelCase(EventSessions.text(goal, "priority")));
        optional(GOAL, "Description", EventSessions.text(goal, "description"));
        optional(GOAL, "Started", time(DAY, EventSessions.text(goal, "started_at")));
        optional(GOAL, "Completed", time(DAY, EventSessions.text(goal, "completed_at")));
        List<String> all = JsonText.elements(EventSessions.field(goalAndExecutions, "executions"));
        lines.add(GOAL + "TOOL EXECUTIONS (" + all.size() + ")");
        all.forEach(this::execution);
    }

    private void execution(String execution) {
        executions++;
        line(EXECUTION, "Tool", EventSessions.text(execution, "tool_name"));
        line(EXECUTION, "Status", camelCase(EventSessions.text(execution, "status")));
        line(EXECUTION, "Input", EventSessions.field(execution, "tool_input"));
        String output = EventSessions.field(execution, "output");
        if (!output.equals("null")) {
            boolean isLong = EventLines.length(output) > OUTPUT_SHOWN;
            line(EXECUTION, "Output", isLong ? EventLines.first(output, OUTPUT_SHOWN) + "..." : output);
        }
        optional(EXECUTION, "Error", EventSessions.text(execution, "error"));
        optional(EXECUTION, "Idempotency Key", EventSessions.text(execution, "idempotency_key"));
        line(EXECUTION, "Time", time(CLOCK, EventSessions.text(execution, "created_at")));
    }

    private void optional(String indent, String name, String value) {
        if (!value.isEmpty()) {
            line(indent, name, value);
        }
    }

    private void line(String indent, String name, String value) {
        lines.add(indent + name + ": " + value);
    }

    private void box(String title) {
        String edge = "─".repeat(EventLines.length(title) + 2);
        lines.add("╭" + edge + "╮");
        lines.add("│ " + title + " │");
        lines.add("╰" + edge + "╯");
    }

    private static String time(DateTimeFormatter form, String time) {
        return time.isEmpty() ? "" : form.format(Instant.parse(time));
    }

    /** {@code in_progress} as {@code InProgress}. */
    private static String camelCase(String word) {
        var text = new StringBuilder();
        for (String part : word.split("_", -1)) {
            if (!part.isEmpty()) {
                text.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
            }
        }
        return text.toString();
    }
}
