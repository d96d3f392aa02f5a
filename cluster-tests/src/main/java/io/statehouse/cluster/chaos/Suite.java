package io.statehouse.cluster.chaos;

import io.statehouse.cluster.ProjectRoot;
import io.statehouse.cluster.chaos.cases.Suites;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.verdict.Ruling.Grade;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Runs cases one after another, judges each, and keeps what is needed to judge it again. */
final class Suite {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MMdd-HHmmss", Locale.ROOT);

    private static final Duration SOAK_TIME = Duration.ofHours(24);
    private static final Duration SOAK_FAULT_TIME = Duration.ofMinutes(10);

    private final PrintStream out;
    private final RunOptions options;
    private final List<String> lines = new ArrayList<>();
    private boolean isPass = true;

    Suite(PrintStream out, RunOptions options) {
        this.out = out;
        this.options = options;
    }

    /** Runs a suite by its name; returns the exit status. */
    int run(String name) throws IOException {
        return name.equals(Suites.SOAK) ? soak(Suites.of(name)) : run(Suites.of(name));
    }

    /** Here the time of the options is that of all runs together, and each run has the seed after the one before. */
    private int soak(List<ChaosCase> cases) throws IOException {
        Duration time = options.faultTime() == null ? SOAK_TIME : options.faultTime();
        long began = System.nanoTime();
        int status = ChaosMain.PASS;
        for (long seed = options.seed(); System.nanoTime() - began < time.toNanos(); seed++) {
            var once = new RunOptions(seed, SOAK_FAULT_TIME, options.trafficMin(), options.isKept());
            status = Math.max(status, new Suite(out, once).run(cases));
        }
        return status;
    }

    int run(List<ChaosCase> cases) throws IOException {
        long began = System.nanoTime();
        for (ChaosCase subject : cases) {
            run(subject);
        }
        if (cases.size() > 1) {
            out.println();
            lines.forEach(out::println);
            out.println((isPass ? "all passed" : "NOT ALL PASSED") + " in " + secondsSince(began) + " s");
        }
        return isPass ? ChaosMain.PASS : ChaosMain.NO_PASS;
    }

    private void run(ChaosCase subject) throws IOException {
        String obstacle = subject.shape().obstacle();
        if (!obstacle.isEmpty()) {
            // A case that cannot run here proves nothing, and whoever reads only the last line must hear it.
            isPass = false;
            lines.add(subject.id() + "  SKIPPED  " + obstacle);
            out.println(lines.getLast());
            return;
        }
        long began = System.nanoTime();
        Path directory = directoryOf(subject);
        report(judged(subject, directory), directory, began);
    }

    private RunRecord judged(ChaosCase subject, Path directory) throws IOException {
        try (var progress = new Progress(out, subject.id() + " seed " + options.seed())) {
            new CaseRun(subject, options, directory, progress).run();
            progress.phase("checking");
            return RunRecord.judge(directory);
        }
    }

    private void report(RunRecord record, Path directory, long began) throws IOException {
        Grade grade = record.judgement().grade();
        isPass &= grade == Grade.PASS;
        lines.add(String.format(
                Locale.ROOT,
                "%s  %-7s %3d s  %s; %s",
                record.subject().id(),
                grade,
                secondsSince(began),
                record.subject().title(),
                record.figures()));
        out.println(lines.getLast());
        if (grade == Grade.PASS) {
            if (!options.isKept()) {
                forgetData(directory);
            }
        } else {
            out.print(record.judgement().text());
            out.println("re-run: ./scripts/chaos run " + record.subject().id() + " --seed " + options.seed());
            out.println("kept:   " + directory);
        }
        out.println("report: " + record.report());
    }

    private static long secondsSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toSeconds();
    }

    private Path directoryOf(ChaosCase subject) throws IOException {
        String name =
                subject.id() + "-" + STAMP.format(LocalDateTime.now(ZoneId.systemDefault())) + "-seed" + options.seed();
        return Files.createDirectories(
                ProjectRoot.find().resolve("cluster-tests/target/chaos").resolve(name));
    }

    /** What a node stored is of no use after a pass, and large. */
    private static void forgetData(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.walk(entry)) {
                    for (Path file :
                            files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }
}
