package io.statehouse.cluster.chaos;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.Seed;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.scenario.Marks;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.chaos.scenario.Sentry;
import io.statehouse.cluster.chaos.scenario.Site;
import io.statehouse.cluster.chaos.verdict.Judge;
import io.statehouse.cluster.chaos.verdict.Timeline.Phase;
import io.statehouse.cluster.chaos.workload.Tally;
import io.statehouse.cluster.chaos.workload.Traffic;
import io.statehouse.cluster.chaos.workload.Workload;
import io.statehouse.cluster.check.Checks;
import io.statehouse.cluster.check.history.HistoryLine.Setting;
import io.statehouse.cluster.check.history.HistoryReader;
import io.statehouse.cluster.check.history.HistoryWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One run of a case, from an empty directory to a whole history; judging it is somebody else's business. */
final class CaseRun {
    /** The settings that name what was run. */
    static final String CASE = "case";

    static final String SEED = "seed";

    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(40);
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final double RECOVERED_SHARE = 0.95;
    private static final long FACTS_MIN = 10;
    /** Parts of a run that draw from chance beside its processes, whose numbers are small. */
    private static final int PLAN_PART = 1_000;

    private static final int SITE_PART = 2_000;

    private final ChaosCase subject;
    private final RunOptions options;
    private final Path directory;
    private final Seed seed;
    private final Progress progress;
    private double baseline;

    CaseRun(ChaosCase subject, RunOptions options, Path directory, Progress progress) {
        this.subject = subject;
        this.options = options;
        this.directory = directory;
        this.seed = Seed.exactly(options.seed());
        this.progress = progress;
    }

    Path historyFile() {
        return directory.resolve("run" + HistoryReader.SUFFIX);
    }

    /** Runs it. What goes wrong is written into the history, where the judge finds it. */
    void run() throws IOException {
        long began = System.nanoTime();
        try (var history = HistoryWriter.create(historyFile(), () -> System.nanoTime() - began)) {
            List<Workload> workloads =
                    subject.workloads().stream().map(Supplier::get).toList();
            describe(history, workloads);
            try {
                run(history, workloads);
            } catch (RuntimeException | AssertionError e) {
                history.write(new Setting(Judge.BROKEN_OFF, String.valueOf(e)));
                progress.failed(e);
            }
        }
    }

    private void describe(HistoryWriter history, List<Workload> workloads) {
        var checkers = new TreeSet<>(List.of("commit-ts", "replay", "witness"));
        workloads.forEach(workload -> checkers.addAll(workload.checkers()));
        var settings = new TreeMap<String, String>();
        workloads.forEach(workload -> settings.putAll(workload.settings()));
        settings.put(CASE, subject.id());
        settings.put(SEED, Long.toString(options.seed()));
        settings.put(Checks.REQUIRE, String.join(",", checkers));
        settings.put(Checks.MINIMUM, Long.toString(FACTS_MIN));
        settings.put(Judge.NODES, Integer.toString(ProcessCluster.SIZE));
        settings.put(Judge.TRAFFIC, Integer.toString(options.trafficMin()));
        settings.put(Judge.DEADLINE, Long.toString(Traffic.CALL_MAX.toMillis()));
        settings.forEach((name, value) -> history.write(new Setting(name, value)));
    }

    private void run(HistoryWriter history, List<Workload> workloads) {
        progress.phase("starting three nodes");
        try (var site = Site.build(subject.shape(), directory, part -> seed.random(SITE_PART + part));
                var cluster = ProcessCluster.start(directory, site.settings(), site)) {
            Map<String, String> nodes =
                    cluster.nodes().stream().collect(Collectors.toMap(NodeProcess::api, NodeProcess::id));
            var tally = new Tally();
            var setting = new Traffic.Setting(nodes, history, tally, seed::random, subject.isEachNodeAsked());
            var stage = new Scene.Stage(cluster, site, new Marks(history), tally, setting::outsider);
            cluster.awaitLeader();
            var traffic = Traffic.start(workloads, setting);
            try {
                warmUp(stage);
                strikeAndRecover(stage);
                stage.marks().phase(Phase.AUDIT);
                progress.phase("asking every node");
            } finally {
                traffic.stop();
            }
            new LastLook(cluster, history, nodes).take(historyFile(), traffic);
            stage.marks().phase(Phase.DONE);
        }
    }

    private void warmUp(Scene.Stage stage) {
        stage.marks().phase(Phase.WARM_UP);
        progress.phase("warming up", stage, WARM_UP);
        Await.pause(WARM_UP.minus(WINDOW));
        baseline = awaitRate(stage.tally(), options.trafficMin(), WARM_UP_MAX);
    }

    private void strikeAndRecover(Scene.Stage stage) {
        Duration time = options.faultTime() == null ? subject.faultTime() : options.faultTime();
        var scene = new Scene(stage, seed.random(PLAN_PART), time);
        try (var sentry = new Sentry(scene)) {
            Await.until("a leader is seen", WARM_UP, () -> sentry.term() > 0);
            stage.marks().phase(Phase.FAULTS);
            progress.phase("striking faults", stage, time);
            progress.watch(sentry);
            subject.plan().run(scene);
            stage.cluster().awaitReady();
            stage.marks().phase(Phase.RECOVERY);
            progress.phase("recovering", stage, RECOVERY_MAX);
            var unused = awaitRate(stage.tally(), baseline * RECOVERED_SHARE, RECOVERY_MAX);
        }
    }

    /** Waits until so many commits a second are acknowledged, but not for ever; returns how many there are in the end. */
    private static double awaitRate(Tally tally, double wanted, Duration atMost) {
        long begin = System.nanoTime();
        while (true) {
            long before = tally.commits();
            Await.pause(WINDOW);
            double rate = (tally.commits() - before) / (double) WINDOW.toSeconds();
            if (rate >= wanted || System.nanoTime() - begin > atMost.toNanos()) {
                return rate;
            }
        }
    }
}
