package io.statehouse.cli;

import io.statehouse.client.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes sessions from files. Each is read and checked whole before anything of it is sent. */
final class SessionImport {
    /** All well within what a server takes in one transaction. */
    private static final int BATCH_EVENTS = 50;

    private static final int BATCH_BYTES = 256 << 10;

    private final EventSessions sessions;
    private final SessionFiles files;

    SessionImport(EventSessions sessions, SessionFiles files) {
        this.sessions = sessions;
        this.files = files;
    }

    /**
     * What became of a session.
     *
     * @param events taken by this run
     * @param found those that an earlier run had taken
     */
    record Taken(String id, long events, long found) {}

    Taken take(Path file) throws IOException {
        Json session = json(InputText.read(file.toString(), InputStream.nullInputStream()), file.toString());
        String id = text(session, "id", file.toString());
        long events = check(id);
        Object said = session.toMap().get("event_count");
        if (said instanceof Long count && count != events) {
            throw new Complaint(file + " says that there are " + count + " events, and there are " + events + " in "
                    + files.events(id));
        }
        long found = compareWithWhatIsThere(id, events);
        if (found < events || sessions.findSession(id) == null) {
            send(session, id, found);
        }
        return new Taken(id, events - found, found);
    }

    /** Checks each line, and answers how many there are. */
    private long check(String id) throws IOException {
        try (var lines = Lines.open(files.events(id), id)) {
            long events = 0;
            while (lines.next() != null) {
                events++;
            }
            return events;
        }
    }

    /** How many events an earlier run has taken; where there is something else, nothing is sent. */
    private long compareWithWhatIsThere(String id, long events) throws IOException {
        String there = sessions.findSession(id);
        long found = there == null ? 0 : EventSessions.number(there, "event_count");
        if (found > events) {
            throw new Complaint("session " + id + " is there and has " + found + " events; the file has " + events);
        }
        try (var lines = Lines.open(files.events(id), id)) {
            sessions.events(id, Map.of(), new EventSessions.Span(1, found), event -> {
                Json line = lines.require();
                if (!Json.parse(event).toMap().equals(line.toMap())) {
                    throw new Complaint("session " + id + " is there, and its event " + lines.number()
                            + " is another than that of " + files.events(id));
                }
                return true;
            });
        }
        return found;
    }

    private void send(Json session, String id, long found) throws IOException {
        try (var lines = Lines.open(files.events(id), id)) {
            while (lines.number() < found) {
                lines.require();
            }
            Json line = lines.next();
            do {
                List<Json> batch = new ArrayList<>();
                int bytes = 0;
                while (line != null && (batch.isEmpty() || (batch.size() < BATCH_EVENTS && bytes < BATCH_BYTES))) {
                    batch.add(line);
                    bytes += line.utf8Length();
                    line = lines.next();
                }
                sessions.take(imported(session, batch, line == null));
            } while (line != null);
        }
    }

    /** Who may write is said with the last events: from then on the session is guarded. */
    private static Map<String, Object> imported(Json session, List<Json> events, boolean isLast) {
        Map<String, Object> params = new HashMap<>();
        params.put("session", session);
        params.put("events", events);
        Object writers = session.toMap().get("writers");
        if (isLast && writers != null) {
            params.put("writers", writers);
        }
        return params;
    }

    private static Json json(String text, String where) {
        try {
            Json json = Json.parse(text);
            if (json.toJava() instanceof Map<?, ?>) {
                return json;
            }
            throw new Complaint(where + " is no JSON object");
        } catch (IllegalArgumentException e) {
            throw new Complaint(where + " is " + e.getMessage(), e);
        }
    }

    private static String text(Json object, String field, String where) {
        if (object.toMap().get(field) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new Complaint(where + " has no text '" + field + "'");
    }

    /** The lines of a session's events, each checked to be the next event of it. */
    private static final class Lines implements AutoCloseable {
        private final InputStream in;
        private final BoundedLines lines;
        private final String file;
        private final String id;

        private Lines(InputStream in, String file, String id) {
            this.in = in;
            this.lines = new BoundedLines(in, BoundedLines.LINE_BYTES_MAX);
            this.file = file;
            this.id = id;
        }

        static Lines open(Path file, String id) throws IOException {
            return new Lines(Files.newInputStream(file), file.toString(), id);
        }

        long number() {
            return lines.number();
        }

        @Nullable
        Json next() throws IOException {
            String line = lines.next();
            if (line == null) {
                return null;
            }
            String where = file + " line " + lines.number();
            Json event = json(line, where);
            if (!id.equals(event.toMap().get("session_id"))) {
                throw new Complaint(where + " is no event of session " + id);
            }
            if (!Objects.equals(event.toMap().get("sequence_number"), lines.number())) {
                throw new Complaint(where + " has not the sequence_number " + lines.number());
            }
            return event;
        }

        Json require() throws IOException {
            Json line = next();
            if (line == null) {
                throw new Complaint(file + " was cut off while it was read");
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
