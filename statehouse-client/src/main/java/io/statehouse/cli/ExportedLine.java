package io.statehouse.cli;

import io.statehouse.client.Commit;
import io.statehouse.client.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line of an export, read and checked; a field it does not know is an error. */
sealed interface ExportedLine {
    /** The first line. */
    record Header(String clusterId, String namespace, long untilCommitTs, Instant untilTime) implements ExportedLine {}

    /**
     * One commit.
     *
     * @param transaction as {@code commit -f} reads it
     * @param expiresAt for each operation when its value ends; null = never; empty = for none of them
     */
    record Committed(long commitTs, String committedAt, String transaction, List<@Nullable Instant> expiresAt)
            implements ExportedLine {
        public Committed {
            // Not copyOf: it holds nulls.
            expiresAt = Collections.unmodifiableList(new ArrayList<>(expiresAt));
        }

        /** The transaction, its values ending when they ended, as far as that is after {@code now}. */
        Commit.Builder builder(Instant untilTime, Instant now) {
            return TransactionText.read(transaction, position -> timeToLive(position, untilTime, now));
        }

        /** A value that ended before the export was made has its end in the export, as a commit of its own. */
        private @Nullable Duration timeToLive(int position, Instant untilTime, Instant now) {
            Instant end = position < expiresAt.size() ? expiresAt.get(position) : null;
            if (end == null || !end.isAfter(untilTime)) {
                return null;
            }
            return end.isAfter(now) ? Duration.between(now, end).plusMillis(1) : Duration.ofMillis(1);
        }
    }

    /** The last line. */
    record End(long commits, String sha256) implements ExportedLine {}

    /** Reads a line; a {@link Complaint} says what it lacks. */
    static ExportedLine parse(String line) {
        try {
            Json.parse(line);
        } catch (IllegalArgumentException e) {
            throw new Complaint("is " + e.getMessage(), e);
        }
        if (!line.startsWith("{")) {
            throw new Complaint("is no JSON object");
        }
        var fields = new Fields(line);
        if (fields.has(ExportLines.HEADER)) {
            return header(fields);
        }
        return fields.has(ExportLines.END) ? end(fields) : committed(fields);
    }

    private static ExportedLine header(Fields fields) {
        long format = fields.number(ExportLines.HEADER);
        if (format != ExportLines.FORMAT) {
            throw new Complaint("is of format " + format + "; this statehousectl knows " + ExportLines.FORMAT);
        }
        var header = new Header(
                fields.text("cluster_id"),
                fields.text("namespace"),
                fields.number("until_commit_ts"),
                instant(fields.text("until_time")));
        fields.requireEmpty();
        return header;
    }

    private static ExportedLine end(Fields fields) {
        fields.take(ExportLines.END);
        var end = new End(fields.number("commits"), fields.text("sha256"));
        fields.requireEmpty();
        return end;
    }

    private static ExportedLine committed(Fields fields) {
        List<@Nullable Instant> expiresAt = new ArrayList<>();
        for (String each : fields.arrayOrNothing("expires_at")) {
            expiresAt.add(each.equals("null") ? null : instant(JsonText.string(each)));
        }
        fields.arrayOrNothing("versions");
        fields.takeOrNothing("expired");
        String committedAt = fields.text("committed_at");
        instant(committedAt);
        var committed = new Committed(fields.number("commit_ts"), committedAt, fields.take("transaction"), expiresAt);
        fields.requireEmpty();
        // So that a line that cannot be applied is found before anything is.
        requireCommit(committed);
        return committed;
    }

    private static void requireCommit(Committed committed) {
        try {
            committed.builder(Instant.EPOCH, Instant.EPOCH);
        } catch (Complaint e) {
            throw new Complaint("is no commit: " + e.getMessage(), e);
        }
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new Complaint("has a time that is none: '" + text + "'", e);
        }
    }

    /** The fields of a line, each taken once. */
    final class Fields {
        private final Map<String, String> fields = new LinkedHashMap<>();

        Fields(String line) {
            for (var field : JsonText.fields(line)) {
                if (fields.put(field.name(), field.json()) != null) {
                    throw new Complaint("has the field '" + field.name() + "' twice");
                }
            }
        }

        boolean has(String name) {
            return fields.containsKey(name);
        }

        String take(String name) {
            String json = fields.remove(name);
            if (json == null) {
                throw new Complaint("lacks the field '" + name + "'");
            }
            return json;
        }

        @Nullable
        String takeOrNothing(String name) {
            return fields.remove(name);
        }

        long number(String name) {
            try {
                return Long.parseLong(take(name));
            } catch (NumberFormatException e) {
                throw new Complaint("has no whole number in '" + name + "'", e);
            }
        }

        String text(String name) {
            String json = take(name);
            if (!json.startsWith("\"")) {
                throw new Complaint("has no text in '" + name + "'");
            }
            return JsonText.string(json);
        }

        List<String> arrayOrNothing(String name) {
            String json = takeOrNothing(name);
            if (json == null) {
                return List.of();
            }
            if (!json.startsWith("[")) {
                throw new Complaint("has no array in '" + name + "'");
            }
            return JsonText.elements(json);
        }

        void requireEmpty() {
            for (String name : fields.keySet()) {
                throw new Complaint("has a field '" + name + "' that is not known");
            }
        }
    }
}
