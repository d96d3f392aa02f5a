package io.statehouse.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sessions}. */
@Command(
        name = "sessions",
        description = "Lists the sessions of typed events of the namespace, the newest first.",
        footer = {
            "",
            "Examples:",
            "  statehousectl sessions --label team=research",
            "  statehousectl sessions --limit 20 --offset 20 --json"
        })
final class SessionsCommand implements Callable<Integer> {
    /** The most that a server lists at once. */
    private static final long LIMIT_MAX = 1_000;

    private static final long OFFSET_MAX = 10_000;

    private final Session session;

    @Option(names = "--limit", paramLabel = "N", description = "At most N sessions, up to 1000. Default: 100.")
    long limit = 100;

    @Option(names = "--offset", paramLabel = "N", description = "Leave out the N newest, up to 10000.")
    long offset;

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            description = "Only sessions that carry this label; may be given several times. Pages are cut after that.")
    List<String> labels = new ArrayList<>();

    SessionsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        requireWithin("--limit", limit, LIMIT_MAX);
        requireWithin("--offset", offset, OFFSET_MAX);
        List<String> found = new EventSessions(session).list(limit, offset, Spoken.labels(labels));
        if (session.isJson()) {
            session.output().lines(found);
        } else if (found.isEmpty()) {
            session.output().line("No sessions found in namespace '" + session.namespace() + "'");
        } else {
            session.output().lines(Columns.of(rows(found)));
        }
        return ExitCode.OK.number();
    }

    private static void requireWithin(String option, long number, long max) {
        if (number < 0 || number > max) {
            throw new Complaint(option + " is " + number + "; it must be 0 to " + max);
        }
    }

    private static List<List<String>> rows(List<String> sessions) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "NAME", "EVENTS", "CREATED"));
        for (String each : sessions) {
            String name = EventSessions.text(each, "name");
            rows.add(List.of(
                    EventSessions.text(each, "id"),
                    name.isEmpty() ? "(unnamed)" : name,
                    EventSessions.field(each, "event_count"),
                    EventSessions.text(each, "created_at")));
        }
        return rows;
    }
}
