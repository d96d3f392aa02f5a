package io.statehouse.cluster.bench;

import io.statehouse.client.AgentClient;
import io.statehouse.client.ClientOptions;
import io.statehouse.client.Json;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.Ground;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.bench.load.ClosedLoop;
import io.statehouse.cluster.bench.load.Drill;
import io.statehouse.cluster.bench.load.Sample;
import io.statehouse.cluster.bench.report.PairTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code session}. */
@Command(
        name = "session",
        mixinStandardHelpOptions = true,
        description = {
            "Appends of many writers to one session of events, on three nodes.",
            "In each round a session that has just begun and one with a long past take turns; ratios are taken round by round."
        })
final class SessionCommand implements Callable<Integer> {
    static final int EVENTS_MAX = 100_000_000;
    static final int WRITERS_MAX = 1_024;
    static final int ROUNDS_MAX = 1_000;
    static final int SECONDS_MAX = 3_600;

    private static final Duration CALL_MAX = Duration.ofSeconds(30);
    private static final Duration WARMUP = Duration.ofSeconds(2);
    private static final int FILLERS = 64;
    private static final Duration FILL_PIECE = Duration.ofSeconds(1);
    private static final String SHORT = "short";
    private static final String LONG = "long";

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--events", paramLabel = "N", description = "Events of the long session. Default: 100000.")
    int events = 100_000;

    @Option(names = "--writers", paramLabel = "N", description = "Writers at once. Default: 20.")
    int writers = 20;

    @Option(names = "--rounds", paramLabel = "N", description = "Default: 5.")
    int rounds = 5;

    @Option(names = "--seconds", paramLabel = "N", description = "Measured of each session in a round. Default: 5.")
    int seconds = 5;

    @Option(names = "--node-flags", paramLabel = "FLAGS", description = "For the JVM of each node. Default: -Xmx1g.")
    String nodeFlags = "-Xmx1g";

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there, too.")
    @Nullable
    Path json;

    /** What one round came to. */
    private record Round(Sample shortOne, Sample longOne) {}

    @Override
    public Integer call() {
        Arguments.within(events, "--events", EVENTS_MAX);
        Arguments.within(writers, "--writers", WRITERS_MAX);
        Arguments.within(rounds, "--rounds", ROUNDS_MAX);
        Arguments.within(seconds, "--seconds", SECONDS_MAX);
        var told = Surroundings.describe();
        Path directory = Arguments.emptyDirectory("session");
        List<Round> measured;
        try (var cluster = ProcessCluster.start(directory, Map.of("STATEHOUSE_JVM_OPTS", nodeFlags), Ground.PLAIN);
                var client = StatehouseClient.connect(ClientOptions.of(cluster.endpoints())
                        .callTimeout(CALL_MAX)
                        .tryTimeout(CALL_MAX))) {
            measured = measure(client.agentLayer());
        } finally {
            Arguments.delete(directory);
        }
        told.put("load after", Surroundings.load());
        told.forEach((name, value) -> out().println(name + ": " + value));
        report(measured);
        return BenchMain.MEASURED;
    }

    private List<Round> measure(AgentClient agents) {
        create(agents, LONG);
        long there = 0;
        while (there < events) {
            drill(agents, LONG, new Drill(FILLERS, Duration.ZERO, FILL_PIECE));
            there = count(agents, LONG);
            err().println(there + " of " + events + " events");
        }
        List<Round> measured = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            String fresh = SHORT + "-" + round;
            create(agents, fresh);
            var drill = new Drill(writers, WARMUP, Duration.ofSeconds(seconds));
            measured.add(new Round(drill(agents, fresh, drill), drill(agents, LONG, drill)));
            err().println("round " + round + " of " + rounds + ": " + count(agents, fresh) + " and "
                    + count(agents, LONG) + " events in the end");
        }
        return measured;
    }

    private static void create(AgentClient agents, String id) {
        Json unused = agents.execute("events.create_session", Map.of("id", id));
    }

    private static long count(AgentClient agents, String id) {
        Object count =
                agents.query("events.get_session", Map.of("id", id)).toMap().get("event_count");
        return ((Number) Objects.requireNonNull(count)).longValue();
    }

    private static Sample drill(AgentClient agents, String id, Drill drill) {
        var event = Map.of(
                "session_id",
                id,
                "type",
                "llm_response",
                "payload",
                Map.of("content", "x".repeat(200), "finish_reason", "stop"),
                "metadata",
                Map.of("tokens_in", 12, "tokens_out", 34, "cost_usd", 0.001, "model", "m-1"));
        return ClosedLoop.run(drill, number -> () -> {
            Json unused = agents.execute("events.append", event);
            return 1;
        });
    }

    private void report(List<Round> measured) {
        var table = new PairTable("appends, " + writers + " writers", SHORT, LONG);
        row("p50, ms", measured, Sample::p50Millis, table);
        row("p99, ms", measured, Sample::p99Millis, table);
        row("events/s", measured, Sample::perSecond, table);
        table.lines().forEach(out()::println);
        Map<String, Object> figures = table.figures();
        figures.put(
                "failures",
                measured.stream()
                        .mapToLong(round ->
                                round.shortOne().failures() + round.longOne().failures())
                        .sum());
        out().println("failures: " + figures.get("failures"));
        Arguments.write(json, Json.of(figures).text() + "\n");
    }

    private static void row(String name, List<Round> measured, Function<Sample, Double> figure, PairTable table) {
        table.row(
                name,
                measured.stream().map(Round::shortOne).map(figure).toList(),
                measured.stream().map(Round::longOne).map(figure).toList());
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
