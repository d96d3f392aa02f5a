package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Commit;
import io.statehouse.client.Entry;
import io.statehouse.client.Event;
import io.statehouse.client.Json;
import io.statehouse.client.Operation;
import io.statehouse.client.Range;
import io.statehouse.client.Read;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.Distribution;
import io.statehouse.cluster.SingleNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is taken out of a store: an export, committed again in another, is the same but for its numbers; the states of a replay and a
 * dump of all agents are those of their moments.
 */
class ExportCase {
    private static final int COMMITS = 40;
    private static final String ODD = "{ \"a\" : [1.50, 1e3],\n \"b\" : \"\\u0041\u202e\" }";

    @TempDir
    private static Path directory;

    private static SingleNode source;
    private static SingleNode target;
    private final AtomicInteger runs = new AtomicInteger();

    @BeforeAll
    static void start() {
        source = SingleNode.in(directory.resolve("source"), Map.of()).found();
        target = SingleNode.in(directory.resolve("target"), Map.of()).found();
        try (var client = source.client()) {
            for (int i = 0; i < COMMITS; i++) {
                client.commit(commit(i));
            }
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        target.close();
    }

    private static Commit commit(int i) {
        var commit = Commit.builder()
                .id("t-" + i)
                .actor("actor-" + i % 3)
                .traceId("trace")
                .label("step", "" + i);
        commit.put(
                new StateKey("team-" + i % 2, "ada", "key-" + i % 5),
                Json.parse(i % 7 == 0 ? ODD : "{\"i\":" + i + "}"));
        if (i % 4 == 0) {
            commit.delete(new StateKey("team-" + (i + 1) % 2, "bob", "gone"));
            commit.read(new StateKey("team-0", "ada", "key-0"), 1);
        }
        if (i % 10 == 0) {
            commit.put(new StateKey("team-0", "ada", "for-a-while"), Json.parse("1"), Duration.ofHours(1));
        }
        return commit.build();
    }

    @Test
    void everythingButTheNumbersComesBackAndASecondRunAppliesNothing() throws Exception {
        Path file = directory.resolve("all.jsonl");
        assertThat(run(source, "export", "--all", "-o", file.toString()).status())
                .isZero();

        // As if it had been interrupted: a file that is cut off is refused whole, and from a pipe it is taken up to
        // there.
        Path cut = directory.resolve("cut.jsonl");
        Files.write(cut, Files.readAllLines(file).subList(0, COMMITS / 2));
        assertThat(run(target, "import", cut.toString()).output()).contains("the export is cut off");
        assertThat(events(target)).isEmpty();
        assertThat(pipe(cut).output()).contains("the export is cut off");
        assertThat(events(target)).hasSize(COMMITS / 2 - 1);

        assertThat(run(target, "import", file.toString(), "--json").output())
                .contains("\"commits\":" + (COMMITS / 2 + 1), "\"already_there\":" + (COMMITS / 2 - 1));
        assertThat(run(target, "import", file.toString(), "--json").output())
                .contains("\"commits\":0", "\"already_there\":" + COMMITS, "\"commit_ts\":" + COMMITS);
        assertSame(events(source), events(target));
    }

    @Test
    void theStatesOfAReplayAreTheAgentsStatesOfThen() {
        try (var client = source.client().inNamespace("team-0")) {
            for (long from : List.of(1L, 17L)) {
                int steps = 0;
                try (var replay = client.replay(ReplayQuery.of("ada").from(from))) {
                    for (var states = replay.states(); states.hasNext(); steps++) {
                        var step = states.next();
                        var range = Range.of("ada")
                                .read(Read.linearizable().asOf(step.event().commitTs()));
                        var then = new TreeMap<String, String>();
                        client.scan(range).forEach(entry -> then.put(entry.key(), essence(entry)));
                        var folded = new TreeMap<String, String>();
                        step.state().forEach((key, entry) -> folded.put(key, essence(entry)));
                        assertThat(folded).isEqualTo(then);
                    }
                }
                assertThat(steps).isPositive();
            }
        }
    }

    private static String essence(Entry entry) {
        return entry.require().text() + " v=" + entry.version() + " at " + entry.commitTs() + " " + entry.committedAt();
    }

    @Test
    void aDumpOfAllAgentsIsOneCutAlsoInThePast() throws Exception {
        var dump = run(
                source, "dump", "--all-agents", "--namespace", "team-1", "--at", "9", "--format", "text", "--no-color");

        var expected = new ArrayList<String>();
        try (var client = source.client().inNamespace("team-1")) {
            for (String agent : client.agents()) {
                var range = Range.of(agent).read(Read.linearizable().asOf(9));
                client.scan(range)
                        .forEach(entry -> expected.add(agent + "  " + entry.key() + "  v=" + entry.version()
                                + "  commit_ts=" + entry.commitTs()));
            }
        }
        assertThat(dump.status()).isZero();
        assertThat(dump.output().lines().map(line -> line.replaceAll("(commit_ts=[0-9]+) .*", "$1")))
                .containsExactlyElementsOf(expected);
    }

    private static void assertSame(List<Event> original, List<Event> imported) {
        assertThat(imported).hasSameSizeAs(original);
        for (int i = 0; i < original.size(); i++) {
            Event one = original.get(i);
            Event other = imported.get(i);
            assertThat(keysAndVersions(other)).isEqualTo(keysAndVersions(one));
            assertThat(other.readSet()).isEqualTo(one.readSet());
            assertThat(other.origin().actor()).isEqualTo(one.origin().actor());
            assertThat(other.origin().labels())
                    .containsAllEntriesOf(one.origin().labels())
                    .containsEntry("import.commit_ts", Long.toString(one.commitTs()))
                    .containsEntry("import.committed_at", one.committedAt().toString())
                    .containsEntry("import.txn_id", one.transactionId());
        }
    }

    private static List<Operation> keysAndVersions(Event event) {
        return event.operations().stream()
                .map(operation -> new Operation(operation.key(), operation.value(), operation.version()))
                .toList();
    }

    private static List<Event> events(SingleNode node) {
        try (StatehouseClient client = node.client();
                var replay = client.replay(ReplayQuery.allNamespaces());
                var events = replay.stream()) {
            return events.toList();
        }
    }

    private record Ran(int status, String output) {}

    private Ran pipe(Path file) throws Exception {
        return run(target, file, "import", "-");
    }

    private Ran run(SingleNode node, String... arguments) throws Exception {
        return run(node, null, arguments);
    }

    private Ran run(SingleNode node, @Nullable Path stdin, String... arguments) throws Exception {
        var all = new ArrayList<>(List.of("--address", node.node().api()));
        all.addAll(List.of(arguments));
        Path output = directory.resolve("out-" + runs.incrementAndGet());
        var builder = Distribution.assemble()
                .command("statehousectl", all.toArray(String[]::new))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        if (stdin != null) {
            builder.redirectInput(stdin.toFile());
        }
        int status = builder.start().waitFor();
        return new Ran(status, Files.readString(output));
    }
}
