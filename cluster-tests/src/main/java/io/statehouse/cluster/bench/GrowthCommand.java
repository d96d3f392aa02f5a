package io.statehouse.cluster.bench;

import io.statehouse.client.Json;
import io.statehouse.cluster.bench.report.PairTable;
import io.statehouse.cluster.bench.time.GrowthRun;
import io.statehouse.cluster.bench.time.TimeRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code growth}. */
@Command(
        name = "growth",
        mixinStandardHelpOptions = true,
        description = {
            "What a long past costs: a small store and a large one, each with a node of its own, take turns in every round.",
            "Commits, reads of the present and of the past; ratios are taken round by round."
        },
        footer = {
            "",
            "Example: ./scripts/bench growth --events 100000,10000000 --keep /var/tmp/stores --json growth.json"
        })
final class GrowthCommand implements Callable<Integer> {
    private static final int STORES = 2;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--events",
            paramLabel = "N,N",
            description = "Events in the small store and in the large one. Default: 100000,10000000.")
    String events = "100000,10000000";

    @Option(names = "--writers", paramLabel = "N", description = "Writers at once. Default: 64.")
    int writers = 64;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds that count. Default: 10.")
    int rounds = 10;

    @Option(
            names = "--rounds-before",
            paramLabel = "N",
            description = "Rounds that do not count, while the nodes still compile. Default: 5.")
    int roundsBefore = 5;

    @Option(names = "--seconds", paramLabel = "N", description = "Of each measurement. Default: 2.")
    int seconds = 2;

    @Option(
            names = "--node-flags",
            paramLabel = "FLAGS",
            description =
                    "For the JVM of each node, beside the serial collector. Default: -Xmx512m -XX:TieredStopAtLevel=4.")
    String nodeFlags = "-Xmx512m -XX:TieredStopAtLevel=4";

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Keeps each store there, and takes one that an earlier run has kept instead of making it again.")
    @Nullable
    Path keep;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures of every round there, too.")
    @Nullable
    Path json;

    @Override
    public Integer call() {
        List<Integer> sizes =
                Arguments.list(events, "--events", word -> Arguments.number(word, "--events", TimeCommand.EVENTS_MAX));
        if (sizes.size() != STORES) {
            throw new IllegalArgumentException("--events is " + events + "; it must be two different numbers");
        }
        sizes.forEach(TimeRun::requireSize);
        Arguments.within(writers, "--writers", SessionCommand.WRITERS_MAX);
        Arguments.within(rounds, "--rounds", SessionCommand.ROUNDS_MAX);
        Arguments.within(roundsBefore, "--rounds-before", SessionCommand.ROUNDS_MAX);
        Arguments.within(seconds, "--seconds", SessionCommand.SECONDS_MAX);
        var told = Surroundings.describe();
        Path directory = Arguments.emptyDirectory("growth");
        var places = new TimeRun.Places(keep == null ? directory : Arguments.directory(keep), directory);
        var plan = new GrowthRun.Plan(sizes.get(0), sizes.get(1), writers, roundsBefore, rounds, seconds, nodeFlags);
        PairTable table;
        try {
            table = GrowthRun.measure(plan, places, err()::println);
        } finally {
            Arguments.delete(directory);
        }
        told.put("nodes", "one for each store, JVM flags " + nodeFlags);
        told.put("load after", Surroundings.load());
        told.forEach((name, value) -> out().println(name + ": " + value));
        table.lines().forEach(out()::println);
        Arguments.write(json, Json.of(table.figures()).text() + "\n");
        return BenchMain.MEASURED;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
