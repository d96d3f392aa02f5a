package io.statehouse.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/** Writes sessions as files, each complete under its name: the session last, which says that the others are there. */
final class SessionExport {
    private final EventSessions sessions;
    private final SessionFiles files;

    SessionExport(EventSessions sessions, SessionFiles files) {
        this.sessions = sessions;
        this.files = files;
    }

    /** Writes a session and answers how many events it had. */
    long write(String id) throws IOException {
        // In this order: a snapshot may be older than the events beside it, and never younger.
        String state = sessions.state(id);
        String session = sessions.session(id);
        long events = EventSessions.number(session, "event_count");
        CompleteFile.write(files.events(id).toString(), out -> writeEvents(id, events, out));
        CompleteFile.write(files.snapshot(id).toString(), out -> out.add(snapshot(id, state)));
        CompleteFile.write(files.session(id).toString(), out -> out.add(session));
        return events;
    }

    private void writeEvents(String id, long count, CompleteFile.Lines out) throws IOException {
        sessions.events(id, Map.of(), new EventSessions.Span(1, count), event -> {
            out.add(event);
            return true;
        });
    }

    private static String snapshot(String id, String state) {
        return new JsonLine()
                .text("session_id", id)
                .number("version", EventSessions.number(state, "version"))
                .json("state", state)
                .text("created_at", Instant.now().toString())
                .number("event_count", EventSessions.number(state, "event_count"))
                .toString();
    }
}
