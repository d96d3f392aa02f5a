package io.statehouse.cluster.bench;

import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.bench.peer.Peer;
import io.statehouse.cluster.bench.peer.Site;
import io.statehouse.cluster.bench.peer.Workload;
import io.statehouse.cluster.bench.report.Comparison;
import io.statehouse.cluster.bench.report.ComparisonJson;
import io.statehouse.cluster.bench.report.ComparisonPage;
import io.statehouse.cluster.bench.report.ComparisonTable;
import io.statehouse.cluster.bench.report.Plots;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Puts the same load on Statehouse, etcd, Redis and PostgreSQL, one after another in every round.",
            "Callers wait for each answer (a closed loop); PostgreSQL is driven by its own pgbench."
        },
        footer = {
            "",
            "Example: ./scripts/bench compare --rounds 3 --concurrency 1,64 --workloads commit --html page.html"
        })
final class CompareCommand implements Callable<Integer> {
    static final int ROUNDS_MAX = 1_000;
    static final int SECONDS_MAX = 3_600;
    static final int CALLERS_MAX = 4_096;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each is measured. Default: 5.")
    int rounds = 5;

    @Option(names = "--seconds", paramLabel = "N", description = "How long each time. Default: 5.")
    int seconds = 5;

    @Option(names = "--warmup", paramLabel = "N", description = "Seconds before that which do not count. Default: 2.")
    int warmup = 2;

    @Option(
            names = "--priming",
            paramLabel = "N",
            description =
                    "Seconds that each system does each workload with up to 64 callers first; 0 = none. Default: 30.")
    int priming = 30;

    @Option(names = "--concurrency", paramLabel = "N,…", description = "Callers. Default: 1,16,64,256,1024.")
    String concurrency = "1,16,64,256,1024";

    @Option(
            names = "--workloads",
            paramLabel = "W,…",
            description = "Of history, get, commit, transaction, session, watch. Default: all.")
    String workloads = "history,get,commit,transaction,session,watch";

    @Option(
            names = "--systems",
            paramLabel = "S,…",
            description = "Of statehouse, etcd, redis, postgres. Default: all.")
    String systems = "statehouse,etcd,redis,postgres";

    @Option(names = "--node-flags", paramLabel = "FLAGS", description = "For the JVM of each node. Default: -Xmx1g.")
    String nodeFlags = "-Xmx1g";

    @Option(names = "--install", description = "Installs what is missing with apt-get first.")
    boolean isInstalling;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes every sample there, too.")
    @Nullable
    Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Writes a page with plots there, too.")
    @Nullable
    Path html;

    @Option(names = "--svg", paramLabel = "DIR", description = "Writes each plot as a file there, too.")
    @Nullable
    Path svg;

    @Override
    public Integer call() {
        var plan = new Contest.Plan(
                Arguments.list(workloads, "--workloads", Workload::of),
                Arguments.list(
                        concurrency, "--concurrency", word -> Arguments.number(word, "--concurrency", CALLERS_MAX)),
                Arguments.within(rounds, "--rounds", ROUNDS_MAX),
                Duration.ofSeconds(priming == 0 ? 0 : Arguments.within(priming, "--priming", SECONDS_MAX)),
                Duration.ofSeconds(Arguments.within(warmup, "--warmup", SECONDS_MAX)),
                Duration.ofSeconds(Arguments.within(seconds, "--seconds", SECONDS_MAX)));
        List<Contender> contenders = Arguments.list(systems, "--systems", Contender::of);
        if (!Requirements.areMet(contenders, isInstalling, err())) {
            return BenchMain.NOT_MEASURED;
        }
        Comparison comparison = measure(plan, contenders);
        ComparisonTable.of(comparison).forEach(out()::println);
        Arguments.write(json, ComparisonJson.of(comparison) + "\n");
        Arguments.write(html, ComparisonPage.of(comparison));
        if (svg != null) {
            Path drawings = Arguments.directory(svg);
            Plots.files(comparison).forEach((name, text) -> Arguments.write(drawings.resolve(name), text));
        }
        return BenchMain.MEASURED;
    }

    private Comparison measure(Contest.Plan plan, List<Contender> contenders) {
        Path directory = Arguments.emptyDirectory("compare");
        Map<String, String> conditions = Surroundings.describe();
        Map<Contender, Peer> peers = new EnumMap<>(Contender.class);
        try {
            for (Contender contender : contenders) {
                err().println("starting " + contender.word() + " ...");
                Peer peer = contender.start(new Site(directory, nodeFlags));
                peers.put(contender, peer);
                peer.fill();
                conditions.put(contender.word(), peer.version() + ", " + contender.shape());
            }
            conditions.put("nodes of Statehouse", "JVM flags " + nodeFlags);
            conditions.put("driver", "one process, one virtual thread per caller; for PostgreSQL pgbench");
            conditions.put(
                    "rounds",
                    plan.rounds() + " of " + seconds + " s after " + warmup
                            + " s of warm-up, systems in turn; each workload was done before by each for " + priming
                            + " s with as many callers as later, up to " + Contest.PRIMING_CALLERS_MAX);
            var figures = new Contest(peers, plan, err()::println).run();
            conditions.put("load after", Surroundings.load());
            return new Comparison(conditions, figures);
        } finally {
            peers.values().forEach(Peer::close);
            Arguments.delete(directory);
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
