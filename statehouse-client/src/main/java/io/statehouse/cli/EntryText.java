package io.statehouse.cli;

import io.statehouse.client.Entry;
import io.statehouse.client.Json;

/** An entry as JSON. */
final class EntryText {
    private EntryText() {}

    /** What a dump keeps of an entry. */
    static JsonLine essence(Entry entry) {
        return new JsonLine()
                .json("value", value(entry))
                .number("version", entry.version())
                .number("commit_ts", entry.commitTs());
    }

    /** An entry of a listing. */
    static String line(Entry entry) {
        return new JsonLine()
                .text("key", entry.key())
                .json("value", value(entry))
                .number("version", entry.version())
                .number("commit_ts", entry.commitTs())
                .text("committed_at", entry.committedAt().toString())
                .toString();
    }

    /** An entry in one short line. */
    static String brief(Entry entry) {
        return head(entry) + ValueSummary.of(value(entry));
    }

    /** An entry in one line, however long. */
    static String full(Entry entry) {
        return head(entry) + value(entry);
    }

    private static String head(Entry entry) {
        return entry.key() + "  v=" + entry.version() + "  commit_ts=" + entry.commitTs() + "  ";
    }

    static String value(Entry entry) {
        Json value = entry.value();
        return value == null ? "null" : JsonText.compact(value.text());
    }
}
