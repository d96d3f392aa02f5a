package io.statehouse.cli;

import io.statehouse.client.RefusalCode;
import io.statehouse.client.StatehouseException.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code session}: what one session did and took. */
@Command(name = "session", description = "Shows what a session did and took; takes sessions along as files.")
final class SessionCommand {
    private SessionCommand() {}

    static CommandLine withVerbs(Session session) {
        return new CommandLine(new SessionCommand())
                .addSubcommand("events", new Events(session))
                .addSubcommand("stats", new Stats(session))
                .addSubcommand("replay", new Replay(session))
                .addSubcommand("export", new Export(session))
                .addSubcommand("import", new Import(session));
    }

    /** {@code session events}. */
    @Command(
            name = "events",
            description = "Shows the events of a session in their order, and what they took.",
            footer = {
                "",
                "Examples:",
                "  statehousectl session events research-7 --type tool_called,tool_result",
                "  statehousectl session events research-7 --from-seq 100 --json",
                "  statehousectl session events research-7 --format json > research-7.json"
            })
    static final class Events implements Callable<Integer> {
        enum Format {
            TIMELINE,
            JSON
        }

        private final Session session;

        @Parameters(index = "0", paramLabel = "SESSION", description = "The session.")
        String id = "";

        @Option(
                names = "--format",
                paramLabel = "timeline|json",
                description = "timeline: a line for each, with the time since the first that is shown; json: one array."
                        + " With --json a line for each.")
        Format format = Format.TIMELINE;

        @Option(names = "--type", split = ",", paramLabel = "TYPE", description = "Only events of these types.")
        List<String> types = new ArrayList<>();

        @Option(names = "--from-seq", paramLabel = "N", description = "Begin with the event of this number.")
        long first = 1;

        @Option(
                names = "--from-time",
                paramLabel = "TIME",
                description = "Only events of this time or later: 2026-11-21T10:15:30Z.")
        String fromTime = "";

        @Option(names = "--to-time", paramLabel = "TIME", description = "Only events of this time or earlier.")
        String toTime = "";

        Events(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            if (first < 0) {
                throw new Complaint("--from-seq is " + first + "; it must be 0 (all) or more");
            }
            var sessions = new EventSessions(session);
            String name = EventSessions.text(sessions.session(id), "name");
            EventPage page = session.isJson()
                    ? new EventPage.Lines(session.output())
                    : format == Format.JSON
                            ? new EventPage.Array(session.output())
                            : new EventTimeline(session.output(), id, name);
            sessions.events(id, narrowed(), EventSessions.Span.from(first), event -> {
                page.add(event);
                return !session.output().isClosed();
            });
            page.end();
            return ExitCode.OK.number();
        }

        private Map<String, Object> narrowed() {
            Map<String, Object> narrowed = new HashMap<>();
            if (!types.isEmpty()) {
                narrowed.put("types", types);
            }
            if (!fromTime.isEmpty()) {
                narrowed.put("from_time", time("--from-time", fromTime));
            }
            if (!toTime.isEmpty()) {
                narrowed.put("to_time", time("--to-time", toTime));
            }
            return narrowed;
        }

        private static String time(String option, String text) {
            if (Moment.parse(text) instanceof Moment.Time moment) {
                return moment.time().toString();
            }
            throw new Complaint(option + " is '" + text + "'; write a time such as 2026-11-21T10:15:30Z");
        }
    }

    /** {@code session stats}. */
    @Command(
            name = "stats",
            description = "Shows what a session took: its events by type, calls of tools, tokens and cost.",
            footer = {"", "Example:", "  statehousectl session stats research-7"})
    static final class Stats implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "SESSION", description = "The session.")
        String id = "";

        Stats(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            var sessions = new EventSessions(session);
            var stats = new SessionStats(sessions.session(id), sessions.totals(id));
            if (session.isJson()) {
                session.output().line(stats.json());
            } else {
                session.output().lines(stats.lines());
            }
            return ExitCode.OK.number();
        }
    }

    /** {@code session replay}. */
    @Command(
            name = "replay",
            description = "Shows a session of users and goals: each goal with what was executed for it.",
            footer = {"", "Example:", "  statehousectl session replay 4b6cfa6e-58c9-4f0e-9a57-1d2f0c9a7f11"})
    static final class Replay implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "SESSION", description = "The session's id, a UUID.")
        String id = "";

        Replay(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            String audit = new EventSessions(session).audit(id);
            if (session.isJson()) {
                session.output().line(JsonText.compact(audit));
            } else {
                session.output().lines(SessionReplay.of(audit));
            }
            return ExitCode.OK.number();
        }
    }

    /** {@code session export}. */
    @Command(
            name = "export",
            description =
                    "Writes sessions as files: sessions/ID.json, events/ID.jsonl and snapshots/ID.json. What is appended"
                            + " meanwhile is left out.",
            footer = {
                "",
                "Examples:",
                "  statehousectl session export saved research-7",
                "  statehousectl session export saved --all"
            })
    static final class Export implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "DIR", description = "The directory; it is made if it is not there.")
        String directory = "";

        @Parameters(index = "1", arity = "0..*", paramLabel = "SESSION", description = "The sessions.")
        List<String> ids = new ArrayList<>();

        @Option(names = "--all", description = "All sessions of typed events of the namespace.")
        boolean isAll;

        Export(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            if (isAll != ids.isEmpty()) {
                throw new Complaint(isAll ? "name sessions or say --all, not both" : "name a session, or say --all");
            }
            var sessions = new EventSessions(session);
            var export = new SessionExport(sessions, SessionFiles.make(InputText.path(directory)));
            if (isAll) {
                sessions.ids(id -> writeIfThere(export, id));
            }
            for (String id : ids) {
                write(export, id);
            }
            return ExitCode.OK.number();
        }

        private void write(SessionExport export, String id) throws IOException {
            long events = export.write(id);
            if (session.isJson()) {
                session.output()
                        .line(new JsonLine()
                                .text("id", id)
                                .number("events", events)
                                .toString());
            } else {
                session.output().success("Exported session " + id + " to " + directory + ": " + events + " events");
            }
        }

        /** Of all sessions one may be deleted meanwhile. */
        private void writeIfThere(SessionExport export, String id) throws IOException {
            try {
                write(export, id);
            } catch (Refused e) {
                if (e.code() != RefusalCode.KEY_NOT_FOUND) {
                    throw e;
                }
                session.output().remark("Session " + id + " was deleted meanwhile");
            }
        }
    }

    /** {@code session import}. */
    @Command(
            name = "import",
            description =
                    "Takes sessions from such files: their events keep their numbers and times. Snapshots are made anew."
                            + " An import that broke off goes on when it is run again; a session that is there and differs is refused.",
            footer = {"", "Example:", "  statehousectl session import saved --address elsewhere:50051"})
    static final class Import implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "DIR", description = "The directory.")
        String directory = "";

        Import(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            var files = SessionFiles.of(InputText.path(directory));
            var taking = new SessionImport(new EventSessions(session), files);
            for (Path file : files.sessions()) {
                var taken = taking.take(file);
                if (session.isJson()) {
                    session.output()
                            .line(new JsonLine()
                                    .text("id", taken.id())
                                    .number("events", taken.events())
                                    .number("already_there", taken.found())
                                    .toString());
                } else {
                    String found = taken.found() == 0 ? "" : " (already there: " + taken.found() + ")";
                    session.output()
                            .success("Imported session " + taken.id() + ": " + taken.events() + " events" + found);
                }
            }
            return ExitCode.OK.number();
        }
    }
}
