package io.statehouse.cli;

import io.statehouse.client.Event;
import io.statehouse.client.Json;
import io.statehouse.client.Operation;
import io.statehouse.client.ReadRecord;
import io.statehouse.client.StateKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The lines of an export: a header, one line for each commit, and an end that says how many there were and what they hash to,
 * so that a file that was cut off does not pass for a whole one.
 */
final class ExportLines {
    static final String HEADER = "statehouse_export";
    static final String END = "end";
    static final int FORMAT = 1;

    private final MessageDigest sha256 = sha256();
    private long commits;

    /**
     * The first line.
     *
     * @param scope the namespace; empty = all of them
     * @param until commit_ts and time of the last commit
     */
    String header(String clusterId, String scope, Event until) {
        return header(clusterId, scope, until.commitTs(), until.committedAt());
    }

    String header(String clusterId, String scope, long untilCommitTs, Instant untilTime) {
        return counted(new JsonLine()
                .number(HEADER, FORMAT)
                .text("cluster_id", clusterId)
                .text("namespace", scope)
                .number("until_commit_ts", untilCommitTs)
                .text("until_time", untilTime.toString())
                .toString());
    }

    /** A commit, which a replay may have sent in several parts. */
    String commit(List<Event> parts) {
        commits++;
        Event first = parts.get(0);
        List<Operation> operations =
                parts.stream().flatMap(part -> part.operations().stream()).toList();
        var line = new JsonLine()
                .number("commit_ts", first.commitTs())
                .text("committed_at", first.committedAt().toString())
                .json("transaction", transaction(first, operations))
                .array("versions", operations.stream().map(Operation::version).toList());
        if (operations.stream().anyMatch(operation -> operation.expiresAt() != null)) {
            line.array(
                    "expires_at", operations.stream().map(ExportLines::expiry).toList());
        }
        if (operations.stream().anyMatch(Operation::isExpiry)) {
            line.truth("expired", true);
        }
        return counted(line.toString());
    }

    private static String transaction(Event event, List<Operation> operations) {
        return new JsonLine()
                .text("txn_id", event.transactionId())
                .array(
                        "operations",
                        operations.stream().map(ExportLines::operation).toList())
                .array(
                        "read_set",
                        event.readSet().stream().map(ExportLines::read).toList())
                .text("actor", event.origin().actor())
                .text("trace_id", event.origin().traceId())
                .texts("labels", event.origin().labels())
                .toString();
    }

    private static JsonLine operation(Operation operation) {
        JsonLine line = key(operation.key());
        Json value = operation.value();
        if (value == null) {
            return line.truth("delete", true);
        }
        // What a line cannot carry as it is goes as a text, so that it comes back to the byte.
        return JsonText.compact(value.text()).equals(value.text())
                ? line.json("value", value.text())
                : line.text("text", value.text());
    }

    private static JsonLine read(ReadRecord read) {
        return key(read.key()).number("version", read.version());
    }

    private static JsonLine key(StateKey key) {
        return new JsonLine()
                .text("namespace", key.namespace())
                .text("agent_id", key.agentId())
                .text("key", key.key());
    }

    private static String expiry(Operation operation) {
        Instant expiresAt = operation.expiresAt();
        return expiresAt == null ? "null" : JsonText.quote(expiresAt.toString());
    }

    /** The last line. */
    String end() {
        return new JsonLine()
                .truth(END, true)
                .number("commits", commits)
                .text("sha256", sum())
                .toString();
    }

    /** Counts a line that came from elsewhere. */
    String counted(String line) {
        sha256.update(line.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) '\n');
        return line;
    }

    static String counted(long commits) {
        return commits == 1 ? "1 commit" : commits + " commits";
    }

    long commits() {
        return commits;
    }

    /** SHA-256 in hex over all lines so far, each with its line break. */
    String sum() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) sha256.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Collects the parts of commits and hands on each when it is whole. */
    static final class Parts {
        private final List<Event> parts = new ArrayList<>();

        /** Takes a part; returns the commit before it when this one begins another, else nothing. */
        List<Event> take(Event part) {
            boolean isNext = !parts.isEmpty() && parts.get(0).commitTs() != part.commitTs();
            List<Event> whole = isNext ? rest() : List.of();
            parts.add(part);
            return whole;
        }

        List<Event> rest() {
            List<Event> whole = List.copyOf(parts);
            parts.clear();
            return whole;
        }
    }
}
