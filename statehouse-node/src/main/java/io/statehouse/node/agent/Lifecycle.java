package io.statehouse.node.agent;

import java.util.List;
import java.util.stream.Stream;

/**
 * How a thing's status may go: the states it may begin in, those in which work is done, and those that end it.
 *
 * <p>The server says when work began and when it ended. In strict mode a status never goes back.
 */
record Lifecycle(List<String> beginnings, List<String> middles, List<String> ends) {
    static final Lifecycle SESSION =
            new Lifecycle(List.of(), List.of("active", "paused"), List.of("completed", "failed", "abandoned"));
    static final Lifecycle GOAL =
            new Lifecycle(List.of("pending"), List.of("in_progress"), List.of("completed", "failed", "cancelled"));
    static final Lifecycle EXECUTION =
            new Lifecycle(List.of("pending"), List.of("running"), List.of("completed", "failed", "cancelled"));

    Lifecycle {
        beginnings = List.copyOf(beginnings);
        middles = List.copyOf(middles);
        ends = List.copyOf(ends);
    }

    /** Every status. */
    List<String> words() {
        return Stream.of(beginnings, middles, ends).flatMap(List::stream).toList();
    }

    private int rank(String status) {
        return beginnings.contains(status) ? 0 : middles.contains(status) ? 1 : 2;
    }

    /** Refuses a step back in strict mode. */
    void check(String from, String to, boolean isStrict) {
        boolean isBack = rank(to) < rank(from) || (rank(from) == 2 && !to.equals(from));
        if (isStrict && isBack) {
            throw Ask.broken("Illegal transition: status " + from + " cannot become " + to);
        }
    }

    /** Sets started_at and completed_at by what the status has become. */
    void stamp(Doc doc, String now) {
        int rank = rank(doc.text("status"));
        if (rank == 1 && !doc.has("started_at")) {
            doc.with("started_at", now);
        }
        if (rank == 2 && !doc.has("completed_at")) {
            doc.with("completed_at", now);
        }
        if (rank < 2) {
            doc.with("completed_at", Doc.NULL);
        }
    }
}
