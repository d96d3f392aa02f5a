package io.statehouse.cluster.chaos;

import io.statehouse.cluster.ProjectRoot;
import io.statehouse.cluster.chaos.cases.Suites;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.verdict.Ruling.Grade;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    private boolean isComplete = true;

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
            var once =
                    new RunOptions(seed, SOAK_FAULT_TIME, options.trafficMin(), options.isKept(), options.table(), 0);
            int result = new Suite(out, once).run(cases);
            status = status == ChaosMain.NO_PASS || result == ChaosMain.PASS ? status : result;
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
            String passed = isComplete ? "all passed" : "all passed that can run here";
            out.println((isPass ? passed : "NOT ALL PASSED") + " in " + secondsSince(began) + " s");
        }
        int passed = isComplete ? ChaosMain.PASS : ChaosMain.SKIPPED;
        return isPass ? passed : ChaosMain.NO_PASS;
    }

    private void run(ChaosCase subject) throws IOException {
        String obstacle = subject.shape().obstacle();
        if (!obstacle.isEmpty()) {
            // A case that cannot run here proves nothing, and whoever reads only the last line must hear it.
            isComplete = false;
            lines.add(subject.id() + "  SKIPPED  " + obstacle);
            out.println(lines.getLast());
            return;
        }
        Grade grade = attempt(subject);
        for (int again = 0; again < options.triesMore() && isWorthAnother(grade); again++) {
            out.println(subject.id() + " once more: it was " + grade);
            grade = attempt(subject);
        }
        isPass &= grade == Grade.PASS;
    }

    /** What a busy machine may have caused. A demand that has nothing to do with time is broken once and for all. */
    private static boolean isWorthAnother(Grade grade) {
        return switch (grade) {
            case PASS, FAIL -> false;
            case INVALID, SLOW -> true;
        };
    }

    private Grade attempt(ChaosCase subject) throws IOException {
        long began = System.nanoTime();
        Path directory = directoryOf(subject);
        RunRecord record = judged(subject, directory);
        report(record, directory, began);
        return record.judgement().grade();
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
        lines.add(String.format(
                Locale.ROOT,
                "%s  %-7s %3d s  %s; %s",
                record.subject().id(),
                grade,
                secondsSince(began),
                record.subject().title(),
                record.figures().text()));
        tabulate(record, began);
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

    /** A row for each run, so that what stands in the documents is what came out. */
    private void tabulate(RunRecord record, long began) throws IOException {
        if (options.table() == null) {
            return;
        }
        String row = String.format(
                Locale.ROOT,
                "| %s | %s | %d | %s | %d s | %s |%n",
                record.subject().id(),
                record.subject().title(),
                options.seed(),
                record.judgement().grade(),
                secondsSince(began),
                record.figures().cells());
        Files.writeString(options.table(), row, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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
