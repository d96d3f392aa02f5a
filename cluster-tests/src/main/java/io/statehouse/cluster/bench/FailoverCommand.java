package io.statehouse.cluster.bench;

import io.statehouse.client.Json;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.bench.load.Caller;
import io.statehouse.cluster.bench.load.WriteGap;
import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.bench.peer.Site;
import io.statehouse.cluster.bench.peer.Voters;
import io.statehouse.cluster.bench.report.ComparisonTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code failover}. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = {
            "kill -9 of the leader under load, again and again: how long no write is acknowledged.",
            "Systems take turns; each try at one node may take 1 s; only the one whose turn it is has load."
        })
final class FailoverCommand implements Callable<Integer> {
    static final int KILLS_MAX = 10_000;
    static final int WRITERS_MAX = 1_024;
    static final int ELECTION_MILLIS_MIN = 100;
    static final int ELECTION_MILLIS_MAX = 25_000;

    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(1);

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--kills", paramLabel = "N", description = "Leaders killed of each system. Default: 20.")
    int kills = 20;

    @Option(names = "--writers", paramLabel = "N", description = "Callers that write. Default: 16.")
    int writers = 16;

    @Option(names = "--systems", paramLabel = "S,…", description = "Of statehouse, etcd. Default: both.")
    String systems = "statehouse,etcd";

    @Option(
            names = "--election-millis",
            paramLabel = "N",
            description =
                    "An election begins after N to 2N ms without a leader. Default: what each system does by itself.")
    int electionMillis;

    @Option(names = "--node-flags", paramLabel = "FLAGS", description = "For the JVM of each node. Default: -Xmx1g.")
    String nodeFlags = "-Xmx1g";

    @Option(names = "--install", description = "Installs what is missing with apt-get first.")
    boolean isInstalling;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes every gap there, too.")
    @Nullable
    Path json;

    @Override
    public Integer call() {
        Arguments.within(kills, "--kills", KILLS_MAX);
        Arguments.within(writers, "--writers", WRITERS_MAX);
        if (electionMillis != 0 && (electionMillis < ELECTION_MILLIS_MIN || electionMillis > ELECTION_MILLIS_MAX)) {
            throw new IllegalArgumentException("--election-millis is " + electionMillis + "; it must be "
                    + ELECTION_MILLIS_MIN + " to " + ELECTION_MILLIS_MAX);
        }
        List<Contender> contenders = Arguments.list(systems, "--systems", Contender::of);
        contenders.stream()
                .filter(contender -> contender != Contender.STATEHOUSE && contender != Contender.ETCD)
                .forEach(contender -> {
                    throw new IllegalArgumentException(contender.word() + " runs as one node here; it has no leader");
                });
        if (!Requirements.areMet(contenders, isInstalling, err())) {
            return BenchMain.NOT_MEASURED;
        }
        report(measure(contenders));
        return BenchMain.MEASURED;
    }

    private Map<Contender, List<Long>> measure(List<Contender> contenders) {
        Path directory = Arguments.emptyDirectory("failover");
        Map<Contender, Voters> started = new EnumMap<>(Contender.class);
        Map<Contender, List<Long>> gaps = new EnumMap<>(Contender.class);
        try {
            for (Contender contender : contenders) {
                started.put(contender, Voters.start(contender, new Site(directory, nodeFlags), electionMillis));
            }
            for (int kill = 1; kill <= kills; kill++) {
                for (var system : started.entrySet()) {
                    long millis = gapOf(system.getValue());
                    gaps.computeIfAbsent(system.getKey(), unused -> new ArrayList<>())
                            .add(millis);
                    err().println(system.getKey().word() + ", kill " + kill + " of " + kills + ": " + millis + " ms");
                }
            }
            return gaps;
        } finally {
            started.values().forEach(Voters::close);
            Arguments.delete(directory);
        }
    }

    private long gapOf(Voters voters) {
        List<Caller> callers =
                IntStream.range(0, writers).mapToObj(voters::writer).toList();
        long millis = WriteGap.around(callers, voters::killLeader).toMillis();
        voters.bringBack();
        Await.pause(BETWEEN_KILLS);
        return millis;
    }

    private void report(Map<Contender, List<Long>> gaps) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("write gap, ms", "kills", "min", "p50", "p90", "max"));
        gaps.forEach((contender, millis) -> rows.add(row(contender, millis)));
        ComparisonTable.columns(rows).forEach(out()::println);
        Map<String, List<Long>> named = new LinkedHashMap<>();
        gaps.forEach((contender, millis) -> named.put(contender.word(), millis));
        Arguments.write(json, Json.of(named).text() + "\n");
    }

    private static List<String> row(Contender contender, List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        return List.of(
                contender.word(),
                Integer.toString(sorted.size()),
                Long.toString(sorted.getFirst()),
                percentile(sorted, 0.5),
                percentile(sorted, 0.9),
                Long.toString(sorted.getLast()));
    }

    private static String percentile(List<Long> sorted, double share) {
        return Long.toString(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
