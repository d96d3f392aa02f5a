package io.statehouse.cli;

import io.statehouse.client.Event;
import io.statehouse.client.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Events as lines: for people, for people who want everything, and for programs.
 *
 * <p>The form is part of the published contract (the Python SDK prints the same lines), so it changes for nobody's taste.
 * Lengths count Unicode characters. The lines may hold any character an id may hold; {@link Output} makes them printable.
 */
final class EventLines {
    private static final int AGENT_MAX = 20;
    private static final int KEY_MAX = 48;
    private static final int KEY_PADDED_TO = 20;
    private static final int OP_PADDED_TO = 5;
    private static final int TXN_SHOWN = 12;
    private static final int PATH_PARTS_MIN = 3;
    private static final String CUT = "...";
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SECONDS_PER_HOUR = 3_600;
    private static final int SECONDS_PER_DAY = 86_400;

    private EventLines() {}

    /** One line per operation. */
    static List<String> brief(Event event) {
        return event.operations().stream()
                .map(operation -> brief(event, operation))
                .toList();
    }

    private static String brief(Event event, Operation operation) {
        String key = padded(shortKey(operation.key().key()), KEY_PADDED_TO);
        String line = head(event, operation, mappedOp(operation), key);
        var value = operation.value();
        return value == null ? line : line + "  " + ValueSummary.of(value.text());
    }

    /** Per operation a line with the transaction and the event's index, and the value in full. */
    static List<String> verbose(Event event, long index) {
        List<String> lines = new ArrayList<>();
        for (Operation operation : event.operations()) {
            String head = head(
                    event,
                    operation,
                    plainOp(operation),
                    shortKey(operation.key().key()));
            lines.add(head + "  txn=" + first(event.transactionId(), TXN_SHOWN) + "  event=" + index);
            var value = operation.value();
            String payload = value == null ? "null" : JsonText.pretty(value.text());
            lines.addAll(("  payload: " + payload).lines().toList());
        }
        return List.copyOf(lines);
    }

    /** The event as one JSON object. */
    static String json(Event event) {
        return jsonLine(event).toString();
    }

    /** The event as one JSON object, with the time, the origin and the read set. */
    static String jsonInFull(Event event) {
        var origin = event.origin();
        var readSet = event.readSet().stream()
                .map(read -> new JsonLine()
                        .text("namespace", read.key().namespace())
                        .text("agent_id", read.key().agentId())
                        .text("key", read.key().key())
                        .number("version", read.version()))
                .toList();
        return jsonLine(event)
                .text("committed_at", event.committedAt().toString())
                .text("actor", origin.actor())
                .text("trace_id", origin.traceId())
                .texts("labels", origin.labels())
                .array("read_set", readSet)
                .toString();
    }

    private static JsonLine jsonLine(Event event) {
        var operations = event.operations().stream()
                .map(operation -> jsonLine(event, operation))
                .toList();
        return new JsonLine()
                .text("txn_id", event.transactionId())
                .number("commit_ts", event.commitTs())
                .text("namespace", event.namespace())
                .text("agent_id", event.agentId())
                .array("operations", operations);
    }

    private static JsonLine jsonLine(Event event, Operation operation) {
        var value = operation.value();
        var line = new JsonLine();
        if (event.agentId().isEmpty()) {
            line.text("agent_id", operation.key().agentId());
        }
        return line.text("key", operation.key().key())
                .json("value", value == null ? "null" : JsonText.compact(value.text()))
                .number("version", operation.version())
                .truthIf("erased", operation.erased());
    }

    private static String head(Event event, Operation operation, String op, String key) {
        String namespace = event.namespace();
        boolean isDefault = namespace.isEmpty() || namespace.equals("default");
        return time(event)
                + (isDefault ? "" : "  ns=" + namespace)
                + "  agent=" + shortened(agentOf(event, operation), AGENT_MAX)
                + "  " + padded(op, OP_PADDED_TO)
                + "  key=" + key
                + "  v=" + operation.version();
    }

    private static String agentOf(Event event, Operation operation) {
        return event.agentId().isEmpty() ? operation.key().agentId() : event.agentId();
    }

    // A server of the first contract sends no time; its commit_ts has always been shown as if it were one.
    private static String time(Event event) {
        long seconds = event.committedAt().getEpochSecond();
        long shown = Math.floorMod(seconds == 0 ? event.commitTs() : seconds, SECONDS_PER_DAY);
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02dZ",
                shown / SECONDS_PER_HOUR,
                shown % SECONDS_PER_HOUR / SECONDS_PER_MINUTE,
                shown % SECONDS_PER_MINUTE);
    }

    private static String mappedOp(Operation operation) {
        String key = operation.key().key();
        if (key.startsWith("tool/")) {
            return "TOOL";
        }
        if (key.startsWith("note/") || key.startsWith("annotation/")) {
            return "NOTE";
        }
        if (key.startsWith("final/") || key.startsWith("answer/")) {
            return "FINAL";
        }
        return plainOp(operation);
    }

    private static String plainOp(Operation operation) {
        return operation.isDelete() ? "DEL" : "WRITE";
    }

    private static String shortKey(String key) {
        if (length(key) <= KEY_MAX) {
            return key;
        }
        String[] parts = key.split("/", -1);
        if (parts.length >= PATH_PARTS_MIN) {
            String ends = parts[0] + "/" + CUT + "/" + parts[parts.length - 1];
            if (length(ends) <= KEY_MAX) {
                return ends;
            }
        }
        return shortened(key, KEY_MAX);
    }

    /** The text, or as much of it as leaves room for three dots. */
    static String shortened(String text, int max) {
        return length(text) <= max ? text : first(text, max - CUT.length()) + CUT;
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static String first(String text, int characters) {
        return length(text) <= characters ? text : text.substring(0, text.offsetByCodePoints(0, characters));
    }

    private static String padded(String text, int to) {
        return text + " ".repeat(Math.max(to - length(text), 0));
    }
}
