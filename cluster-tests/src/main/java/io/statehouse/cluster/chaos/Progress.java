package io.statehouse.cluster.chaos;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.chaos.scenario.Sentry;
import io.statehouse.cluster.check.history.Outcome;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a person how a run goes: one line that is written over on a terminal, a line now and then elsewhere. */
final class Progress implements AutoCloseable {
    /** The property by which scripts/chaos says that somebody watches. */
    private static final String TERMINAL = "statehouse.chaos.terminal";

    private static final Duration TICK = Duration.ofMillis(250);
    private static final int TICKS_BETWEEN_LINES = 40;
    private static final int BAR_CELLS = 24;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private final String subject;
    private final boolean isTerminal;
    private final Thread thread;
    private volatile boolean isStopping;
    private volatile State state = new State("", null, Duration.ZERO, 0);
    private volatile @Nullable Sentry sentry;

    private record State(String phase, Scene.@Nullable Stage stage, Duration time, long beganNanos) {}

    Progress(PrintStream out, String subject) {
        this.out = out;
        this.subject = subject;
        this.isTerminal = Boolean.getBoolean(TERMINAL);
        this.thread = Thread.ofPlatform().name("progress").daemon().start(this::show);
    }

    /** A phase begins of which there is nothing more to say. */
    void phase(String name) {
        state = new State(name, null, Duration.ZERO, System.nanoTime());
    }

    /** A phase begins that takes about so long. */
    void phase(String name, Scene.Stage stage, Duration time) {
        state = new State(name, stage, time, System.nanoTime());
    }

    /** Who knows the leader. */
    void watch(Sentry watching) {
        sentry = watching;
    }

    /** The run is broken off. */
    void failed(Throwable failure) {
        out.println((isTerminal ? CLEAR : "") + subject + " broken off: " + failure);
    }

    private void show() {
        String before = "";
        for (int tick = 0; !isStopping; tick++) {
            State now = state;
            boolean isNews = !now.phase().equals(before) || tick % TICKS_BETWEEN_LINES == 0;
            if (isTerminal) {
                out.print(CLEAR + line(now));
                out.flush();
            } else if (isNews && !now.phase().isEmpty()) {
                out.println(line(now));
            }
            before = now.phase();
            Await.pause(TICK);
        }
        if (isTerminal) {
            out.print(CLEAR);
        }
    }

    private String line(State now) {
        var stage = now.stage();
        if (stage == null) {
            return subject + "  " + now.phase() + " …";
        }
        double seconds = (System.nanoTime() - now.beganNanos()) / 1e9;
        double share = Math.min(1, seconds / now.time().toSeconds());
        int full = (int) (share * BAR_CELLS);
        var watching = sentry;
        String leader = watching == null || watching.leader().isEmpty()
                ? ""
                : "  leader " + watching.leader() + " term " + watching.term();
        return String.format(
                Locale.ROOT,
                "%s  %-15s [%s%s] %3.0f/%d s  %d commits  %d unknown  %d faults%s",
                subject,
                now.phase(),
                "█".repeat(full),
                "·".repeat(BAR_CELLS - full),
                seconds,
                now.time().toSeconds(),
                stage.tally().commits(),
                stage.tally().calls(Outcome.UNKNOWN),
                stage.marks().faults(),
                leader);
    }

    @Override
    public void close() {
        isStopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
