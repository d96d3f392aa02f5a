package io.statehouse.cluster.chaos;

import io.statehouse.cluster.chaos.cases.Registry;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.check.history.HistoryFormatException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** The command line of {@code scripts/chaos}. */
public final class ChaosMain {
    /** Every run passed. */
    static final int PASS = 0;

    /** A demand was broken, or a run proved nothing. */
    static final int NO_PASS = 1;

    /** Every run passed, and a case cannot run on this machine. */
    static final int SKIPPED = 2;

    private static final int USAGE = 64;
    private static final String HELP = """
            chaos: real nodes under faults and traffic, and a verdict

              chaos list                                  every case, with what it does
              chaos run CASE... [--seed N] [--time T]     runs cases; T like 30s or 10m: how long faults are struck
                                [--keep]                  keeps the nodes' data of a run that passed, too
                                [--again N]               runs a case again, up to N times, that proved nothing or was
                                                          too slow, as on a busy machine; never one that FAILed
                                [--table FILE]            adds a row of a Markdown table for each run
                                [--traffic N]             needs N commits/s before faults, not 60: for a crowded machine
              chaos suite pr|nightly [--seed N]           runs a suite
              chaos suite soak [--time T]                 runs F56, ten minutes a seed, for T (24h)
              chaos check DIR                             judges a run again by what it left, and writes its report

            Runs are kept under cluster-tests/target/chaos: history, verdict, report.html and logs; data of the nodes if the
            run did not pass. Exit status: 0 all passed, 1 not, 2 all passed that can run on this machine, 64 bad arguments.
            A run that proves nothing is no pass.
            """;

    private ChaosMain() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(List.of(arguments), System.out));
    }

    static int run(List<String> arguments, PrintStream out) throws IOException {
        try {
            String command = arguments.isEmpty() ? "help" : arguments.getFirst();
            List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
            return switch (command) {
                case "list" -> list(out);
                case "run" -> cases(rest, out);
                case "suite" -> suite(rest, out);
                case "check" -> check(rest, out);
                case "help", "--help", "-h" -> help(out);
                default -> throw new IllegalArgumentException("unknown command " + command);
            };
        } catch (IllegalArgumentException | HistoryFormatException e) {
            out.println("chaos: " + e.getMessage());
            return USAGE;
        }
    }

    private static int help(PrintStream out) {
        out.print(HELP);
        return PASS;
    }

    private static int list(PrintStream out) {
        for (ChaosCase known : Registry.all()) {
            String obstacle = known.shape().obstacle();
            out.printf(
                    "%s  %s%s%n",
                    known.id(), known.title(), obstacle.isEmpty() ? "" : "  [not here: " + obstacle + "]");
        }
        return PASS;
    }

    private static int cases(List<String> words, PrintStream out) throws IOException {
        var flags = new Flags(words);
        List<ChaosCase> chosen = flags.plain().stream().map(Registry::of).toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("which case? see: chaos list");
        }
        return new Suite(out, flags.options()).run(chosen);
    }

    private static int suite(List<String> words, PrintStream out) throws IOException {
        var flags = new Flags(words);
        if (flags.plain().size() != 1) {
            throw new IllegalArgumentException("which suite? pr, nightly or soak");
        }
        return new Suite(out, flags.options()).run(flags.plain().getFirst());
    }

    private static int check(List<String> words, PrintStream out) throws IOException {
        if (words.size() != 1) {
            throw new IllegalArgumentException("which directory?");
        }
        var record = RunRecord.judge(Path.of(words.getFirst()));
        out.print(record.judgement().text());
        out.println("report: " + record.report());
        return record.isPass() ? PASS : NO_PASS;
    }

    /** The words of a command and the flags between them. */
    private static final class Flags {
        private final java.util.ArrayList<String> plain = new java.util.ArrayList<>();
        private long seed = RandomGenerator.getDefault().nextLong(1_000_000);
        private @org.jspecify.annotations.Nullable Duration time;
        private int trafficMin = RunOptions.TRAFFIC_MIN;
        private boolean isKept;
        private int triesMore;
        private @org.jspecify.annotations.Nullable Path table;

        Flags(List<String> words) {
            for (int i = 0; i < words.size(); i++) {
                switch (words.get(i)) {
                    case "--seed" -> seed = Long.parseLong(value(words, ++i));
                    case "--time" -> time = duration(value(words, ++i));
                    case "--traffic" -> trafficMin = Integer.parseInt(value(words, ++i));
                    case "--again" -> triesMore = Integer.parseInt(value(words, ++i));
                    case "--keep" -> isKept = true;
                    case "--table" -> table = Path.of(value(words, ++i)).toAbsolutePath();
                    default -> plain.add(words.get(i));
                }
            }
        }

        private static String value(List<String> words, int index) {
            if (index >= words.size()) {
                throw new IllegalArgumentException(words.get(index - 1) + " needs a value");
            }
            return words.get(index);
        }

        private static Duration duration(String text) {
            try {
                return Duration.parse("PT" + text);
            } catch (java.time.format.DateTimeParseException e) {
                throw new IllegalArgumentException("--time is " + text + "; it must be like 30s, 10m or 2h", e);
            }
        }

        List<String> plain() {
            return plain;
        }

        RunOptions options() {
            return new RunOptions(seed, time, trafficMin, isKept, table, triesMore);
        }
    }
}
