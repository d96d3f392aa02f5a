package io.statehouse.cluster.bench;

import io.statehouse.cluster.bench.load.Spread;
import io.statehouse.cluster.bench.report.CoreFigure;
import io.statehouse.cluster.bench.report.CoreTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code core}. */
@Command(
        name = "core",
        mixinStandardHelpOptions = true,
        description = {
            "How fast one thread applies, encodes, reads the past and replays, and how fast an embedded node is; with JMH.",
            "Each benchmark runs in JVMs of its own, with the flags of this one. The bytes that are told are all that was",
            "allocated meanwhile: with those of making entries to apply, and of the node where it is embedded."
        },
        footer = {"", "Example: ./scripts/bench core --include 'Apply|Past' --seconds 5 --json core.json"})
final class CoreCommand implements Callable<Integer> {
    static final int SECONDS_MAX = 600;
    static final int FORKS_MAX = 20;

    private static final int ITERATIONS = 5;
    private static final String PACKAGE = "io\\.statehouse\\.cluster\\.bench\\.core\\..*";
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--include",
            paramLabel = "REGEX",
            description = "Only benchmarks with a name in which this is found. Default: all.")
    String include = "";

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each of five times, and of five before them that do not count. Default: 3.")
    int seconds = 3;

    @Option(names = "--forks", paramLabel = "N", description = "JVMs for each benchmark, in turn. Default: 2.")
    int forks = 2;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes what JMH measured there, too.")
    @Nullable
    Path json;

    @Override
    public Integer call() throws RunnerException {
        requireRegex(include);
        var time = TimeValue.seconds(Arguments.within(seconds, "--seconds", SECONDS_MAX));
        Path directory = Arguments.emptyDirectory("core");
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(PACKAGE + "(" + include + ")")
                .mode(Mode.Throughput)
                .timeUnit(TimeUnit.SECONDS)
                .warmupIterations(ITERATIONS)
                .warmupTime(time)
                .measurementIterations(ITERATIONS)
                .measurementTime(time)
                .forks(Arguments.within(forks, "--forks", FORKS_MAX))
                .jvmArgsAppend("-Djava.io.tmpdir=" + directory)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        if (json != null) {
            options = options.resultFormat(ResultFormatType.JSON).result(json.toString());
        }
        var told = Surroundings.describe();
        try {
            var format = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.NORMAL);
            Collection<RunResult> results = new Runner(options.build(), format).run();
            told.put("load after", Surroundings.load());
            told.put(
                    "times",
                    ITERATIONS + " of " + seconds + " s in each of " + forks
                            + " JVMs, after as many that do not count");
            told.forEach((name, value) -> out().println(name + ": " + value));
            CoreTable.of(results.stream().map(CoreCommand::figure).toList()).forEach(out()::println);
            return BenchMain.MEASURED;
        } finally {
            Arguments.delete(directory);
        }
    }

    private static void requireRegex(String include) {
        try {
            var unused = Pattern.compile(include);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("--include is no regular expression: " + e.getDescription(), e);
        }
    }

    private static CoreFigure figure(RunResult result) {
        var params = result.getParams();
        String name = params.getBenchmark();
        String of = params.getParamsKeys().stream()
                .map(key -> key + "=" + params.getParam(key))
                .collect(Collectors.joining(" "));
        List<Double> rates = result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .map(iteration -> iteration.getPrimaryResult().getScore())
                .toList();
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        return new CoreFigure(
                name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                of,
                Spread.of(rates),
                allocated == null ? Double.NaN : allocated.getScore());
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
