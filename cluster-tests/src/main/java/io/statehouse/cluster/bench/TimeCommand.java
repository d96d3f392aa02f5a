package io.statehouse.cluster.bench;

import io.statehouse.cluster.bench.report.ComparisonTable;
import io.statehouse.cluster.bench.time.TimeFigures;
import io.statehouse.cluster.bench.time.TimeRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code time}. */
@Command(
        name = "time",
        mixinStandardHelpOptions = true,
        description = {
            "How fast the past of a large store is read, what that costs in memory, and how long a restart takes.",
            "The store is built without a cluster and restored into one node."
        },
        footer = {
            "",
            "Example: ./scripts/bench time --events 100000,1000000,10000000 --keep /var/tmp/stores --json time.json"
        })
final class TimeCommand implements Callable<Integer> {
    static final int EVENTS_MAX = 1_000_000_000;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--events", paramLabel = "N,…", description = "Sizes of the store. Default: 1000000.")
    String events = "1000000";

    @Option(
            names = "--node-flags",
            paramLabel = "FLAGS",
            description =
                    "For the JVM of the node, beside the serial collector. Default: -Xmx1g -XX:TieredStopAtLevel=4.")
    String nodeFlags = "-Xmx1g -XX:TieredStopAtLevel=4";

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Keeps each store there, and takes one that an earlier run has kept instead of making it again.")
    @Nullable
    Path keep;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there, too.")
    @Nullable
    Path json;

    @Override
    public Integer call() {
        List<Integer> sizes =
                Arguments.list(events, "--events", word -> Arguments.number(word, "--events", EVENTS_MAX));
        sizes.forEach(TimeRun::requireSize);
        var told = Surroundings.describe();
        List<TimeFigures> stores = new ArrayList<>();
        for (int size : sizes) {
            Path directory = Arguments.emptyDirectory("time");
            try {
                var places = new TimeRun.Places(keep == null ? directory : Arguments.directory(keep), directory);
                stores.add(TimeRun.measure(size, places, nodeFlags, word -> err().println(size + ": " + word)));
            } finally {
                Arguments.delete(directory);
            }
        }
        told.put("node", "one, JVM flags " + nodeFlags);
        told.put("load after", Surroundings.load());
        told.forEach((name, value) -> out().println(name + ": " + value));
        ComparisonTable.columns(TimeFigures.rows(stores)).forEach(out()::println);
        Arguments.write(json, stores.stream().map(TimeFigures::json).collect(Collectors.joining("\n")) + "\n");
        return BenchMain.MEASURED;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
