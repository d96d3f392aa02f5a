package io.statehouse.cli;

import java.util.function.Supplier;

/** Remarks on how far long work has come, now and then; only where a person watches. */
final class ProgressRemarks {
    private static final long NANOS_BETWEEN = 2_000_000_000L;

    private final Session session;
    private long saidNanos = System.nanoTime();

    ProgressRemarks(Session session) {
        this.session = session;
    }

    void say(Supplier<String> text) {
        if (session.isWatched() && System.nanoTime() - saidNanos >= NANOS_BETWEEN) {
            saidNanos = System.nanoTime();
            session.output().remark(text.get());
        }
    }
}
