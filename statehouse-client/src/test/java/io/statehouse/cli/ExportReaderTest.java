package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.client.Event;
import io.statehouse.client.Json;
import io.statehouse.client.Operation;
import io.statehouse.client.Origin;
import io.statehouse.client.ReadRecord;
import io.statehouse.client.StateKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ExportReaderTest {
    private static final Instant TIME = Instant.parse("2026-11-21T10:15:30.250Z");
    private static final int LINE_BYTES_MAX = 5_000;

    /** What may be done to a sound export. */
    private interface Harm {
        void to(List<String> lines);
    }

    @Test
    void whatIsWrittenIsReadAgainToTheByte() throws IOException {
        ExportReader reader = open(sound());

        assertThat(reader.header()).isEqualTo(new ExportedLine.Header("c-1", "default", 9, TIME));
        var first = Objects.requireNonNull(reader.next());
        assertThat(first.commitTs()).isEqualTo(4);
        assertThat(first.expiresAt()).containsExactly(TIME.plusSeconds(60), null, null);
        assertThat(first.transaction()).contains("\"text\":\"{ \\\"a\\\" : 1 }\"", "\"value\":1.50", "\"delete\":true");
        var commit = first.builder(TIME, TIME).build();
        assertThat(commit.id()).isEqualTo("t-4");
        assertThat(commit.size()).isEqualTo(3);
        assertThat(reader.next()).isNotNull();
        assertThat(reader.next()).isNull();
    }

    @TestFactory
    Stream<DynamicTest> harm() {
        Map<String, Harm> harms = new LinkedHashMap<>();
        harms.put("nothing to import", List::clear);
        harms.put("line 1 is no header", lines -> lines.remove(0));
        harms.put("line 1 is of format 2", lines -> replace(lines, 0, "export\":1", "export\":2"));
        harms.put("line 1 lacks the field 'cluster_id'", lines -> replace(lines, 0, "\"cluster_id\":\"c-1\",", ""));
        harms.put("line 2 is a second header", lines -> lines.add(1, lines.get(0)));
        harms.put(
                "line 2 is not one JSON value",
                lines -> lines.set(1, lines.get(1).substring(1)));
        harms.put("line 2 is no JSON object", lines -> lines.set(1, "[]"));
        harms.put("line 2 is longer than 5000 bytes", lines -> lines.set(1, "x".repeat(LINE_BYTES_MAX + 1)));
        harms.put("nested deeper", lines -> lines.set(1, "[".repeat(1_000)));
        harms.put("line 2 has a field 'more'", lines -> replace(lines, 1, "{", "{\"more\":1,"));
        harms.put("line 2 has the field 'commit_ts' twice", lines -> replace(lines, 1, "{", "{\"commit_ts\":1,"));
        harms.put(
                "line 2 is no commit: the transaction has no field 'more'",
                lines -> replace(lines, 1, "\"txn_id\"", "\"more\""));
        harms.put(
                "line 2 is no commit: an operation needs agent_id",
                lines -> replace(lines, 1, "\"agent_id\":\"ada\",", ""));
        harms.put("line 2 is no commit: the text of an operation", lines -> replace(lines, 1, "{ \\\"a\\\"", "{ a"));
        harms.put(
                "line 2 has no whole number in 'commit_ts'",
                lines -> replace(lines, 1, "commit_ts\":4", "commit_ts\":4.5"));
        harms.put(
                "line 2 has a time that is none", lines -> replace(lines, 1, "2026-11-21T10:15:30.250Z", "yesterday"));
        harms.put("line 3 has commit_ts 4 behind 4", lines -> lines.add(2, lines.get(1)));
        harms.put("says that there are 2 commits, and there are 1", lines -> lines.remove(2));
        harms.put("another SHA-256", lines -> replace(lines, 1, "1.50", "1.51"));
        harms.put("is cut off: it ends at line 3", lines -> lines.remove(3));
        harms.put("behind the end", lines -> lines.add(lines.get(1)));
        return harms.entrySet().stream()
                .map(harm -> DynamicTest.dynamicTest(harm.getKey(), () -> refused(harm.getKey(), harm.getValue())));
    }

    private static void refused(String words, Harm harm) {
        var lines = new ArrayList<>(sound());
        harm.to(lines);

        assertThatThrownBy(() -> {
                    ExportReader reader = open(lines);
                    while (reader.next() != null) {
                        assertThat(reader.line()).isPositive();
                    }
                })
                .isInstanceOf(Complaint.class)
                .hasMessageContaining(words.equals("nested deeper") ? "line 2 is not one JSON value" : words);
    }

    @Test
    void bytesThatAreNoTextAreRefusedByTheirLine() {
        byte[] bytes = (sound().get(0) + "\n\u00ff\n").getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(
                        () -> ExportReader.open(new ByteArrayInputStream(bytes)).next())
                .hasMessageContaining("line 2 is not UTF-8 text");
    }

    private static void replace(List<String> lines, int index, String old, String by) {
        assertThat(lines.get(index)).contains(old);
        lines.set(index, lines.get(index).replaceFirst(Pattern.quote(old), Matcher.quoteReplacement(by)));
    }

    private static ExportReader open(List<String> lines) throws IOException {
        byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        return ExportReader.open(new ByteArrayInputStream(bytes), LINE_BYTES_MAX);
    }

    private static List<String> sound() {
        var lines = new ExportLines();
        return List.of(
                lines.header("c-1", "default", 9, TIME),
                lines.commit(List.of(event(
                        4,
                        new Operation(key("a"), Json.parse("{ \"a\" : 1 }"), 1, false, TIME.plusSeconds(60), false),
                        new Operation(key("b"), Json.parse("1.50"), 2),
                        new Operation(key("c"), null, 3)))),
                lines.commit(List.of(event(9, new Operation(key("a"), null, 2, false, null, true)))),
                lines.end());
    }

    private static Event event(long commitTs, Operation... operations) {
        return new Event(
                "t-" + commitTs,
                commitTs,
                TIME,
                "default",
                "",
                List.of(operations),
                new Origin("ops", "trace", Map.of("step", "one")),
                List.of(new ReadRecord(key("z"), 7)));
    }

    private static StateKey key(String name) {
        return new StateKey("default", "ada", name);
    }
}
