package io.statehouse.cluster.chaos.scenario;

import io.statehouse.cluster.chaos.verdict.Timeline;
import io.statehouse.cluster.check.history.HistoryLine.Mark;
import io.statehouse.cluster.check.history.HistoryWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Marks what happens beside the calls on the time axis of the history; {@link Timeline} reads it back. */
public final class Marks {
    private final HistoryWriter history;
    private final AtomicInteger faults = new AtomicInteger();

    public Marks(HistoryWriter history) {
        this.history = history;
    }

    /** A phase of the run begins. */
    public void phase(Timeline.Phase phase) {
        mark(Timeline.PHASE, phase.name());
    }

    /** A fault was struck; returns its number. */
    public int struck(String fault, String target, long nanos) {
        int number = faults.incrementAndGet();
        history.write(new Mark(nanos, Timeline.STRUCK, List.of(Integer.toString(number), fault, target)));
        return number;
    }

    /** A fault was seen to be in force. */
    public void observed(int fault, String evidence) {
        mark(Timeline.OBSERVED, Integer.toString(fault), evidence);
    }

    /** A fault begins to be undone. */
    public void healing(int fault) {
        mark(Timeline.HEALING, Integer.toString(fault));
    }

    /** A fault was undone. */
    public void healed(int fault) {
        mark(Timeline.HEALED, Integer.toString(fault));
    }

    /** Somebody else leads. */
    public void leads(String node, long term) {
        mark(Timeline.LEADS, node, Long.toString(term));
    }

    /** A process ended that no fault had ended. */
    public void died(String node, int status) {
        mark(Timeline.DIED, node, Integer.toString(status));
    }

    /** Something a case measured or saw, by a name its acceptance knows. */
    public void seen(String name, String value) {
        mark(Timeline.SEEN, name, value);
    }

    /** The time on the axis. */
    public long nanos() {
        return history.nanos();
    }

    /** How many faults were struck. */
    public int faults() {
        return faults.get();
    }

    private void mark(String kind, String... words) {
        history.write(new Mark(history.nanos(), kind, List.of(words)));
    }
}
