package io.statehouse.cluster.check;

import io.statehouse.cluster.check.history.HistoryFormatException;
import io.statehouse.cluster.check.history.HistoryReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Checks a directory of histories, long after the run that left it. */
public final class CheckMain {
    static final int PASS = 0;
    static final int VIOLATION = 1;
    static final int UNDECIDED = 2;
    static final int USAGE = 64;

    private CheckMain() {}

    public static void main(String[] arguments) throws IOException {
        System.exit(run(arguments, System.out));
    }

    /** Prints the report and returns the exit code. */
    static int run(String[] arguments, PrintStream out) throws IOException {
        if (arguments.length != 1) {
            out.println("usage: check DIRECTORY-OR-FILE (of *" + HistoryReader.SUFFIX + ")");
            return USAGE;
        }
        CheckReport report;
        try {
            report = new Checks(Budget.standard()).check(HistoryReader.read(Path.of(arguments[0])));
        } catch (HistoryFormatException e) {
            out.println("UNDECIDED  this is no history: " + e.getMessage());
            return UNDECIDED;
        }
        out.print(report.text());
        if (report.isViolation()) {
            return VIOLATION;
        }
        return report.isPass() && !report.verdicts().isEmpty() ? PASS : UNDECIDED;
    }
}
