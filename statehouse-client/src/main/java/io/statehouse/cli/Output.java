package io.statehouse.cli;

import java.io.PrintStream;

/** What a command says: stdout is data, stderr is talk, and no stored text steers the terminal it is shown on. */
final class Output {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    // Asking flushes, so it is done once in so many lines.
    private static final int LINES_BETWEEN_QUESTIONS = 256;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean isQuiet;
    private final boolean isColored;
    private long linesPrinted;

    Output(PrintStream out, PrintStream err, boolean isQuiet, boolean isColored) {
        this.out = out;
        this.err = err;
        this.isQuiet = isQuiet;
        this.isColored = isColored;
    }

    /** One line of data. A line break within it is shown as an escape: what was one line stays one. */
    void line(String text) {
        out.print(Printable.of(text));
        out.print('\n');
        linesPrinted++;
    }

    /** One line that this program wrote itself, tabs and all. */
    void rawLine(String text) {
        out.print(text);
        out.print('\n');
    }

    /** Lines of data. */
    void lines(Iterable<String> texts) {
        texts.forEach(this::line);
    }

    /** Text that this program has laid out in lines. */
    void block(String laidOut) {
        lines(laidOut.lines().toList());
    }

    /** The answer "done". */
    void success(String text) {
        if (!isQuiet) {
            out.print(mark("✓", GREEN) + " " + Printable.of(text) + "\n");
        }
    }

    /** Why there is no answer: one line. */
    void failure(String text) {
        out.flush();
        err.print(mark("✗", RED) + " " + Printable.of(text) + "\n");
        err.flush();
    }

    /** Something a person may want to know, and a program never needs. */
    void remark(String text) {
        if (!isQuiet) {
            out.flush();
            err.print(Printable.of(text) + "\n");
            err.flush();
        }
    }

    /** Sends what was said so far. */
    void flush() {
        out.flush();
        err.flush();
    }

    /** Whether nobody reads stdout any more, as after {@code | head}; known a few hundred lines later. */
    boolean isClosed() {
        return linesPrinted % LINES_BETWEEN_QUESTIONS == 0 && out.checkError();
    }

    /** The same, known at once, after sending what was said so far. */
    boolean isAbandoned() {
        return out.checkError();
    }

    private String mark(String mark, String color) {
        return isColored ? color + mark + PLAIN : mark;
    }
}
