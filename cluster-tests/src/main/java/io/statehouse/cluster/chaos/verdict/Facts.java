package io.statehouse.cluster.chaos.verdict;

import io.statehouse.cluster.chaos.verdict.Timeline.FaultSpan;
import io.statehouse.cluster.chaos.verdict.Timeline.Phase;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** A run as its acceptances look at it: the history, the time axis and what follows from both. */
public final class Facts {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long WINDOW_NANOS = 2_000_000_000;

    private final History history;
    private final Timeline timeline;

    /** The moments at which commits were acknowledged, in order. */
    private final long[] acknowledgements;

    public Facts(History history) {
        this.history = history;
        this.timeline = Timeline.of(history);
        this.acknowledgements = history.calls().stream()
                .filter(Facts::isAcknowledgedCommit)
                .mapToLong(Call::returnNanos)
                .sorted()
                .toArray();
    }

    /** Whether a caller was told that its transaction is committed. */
    public static boolean isAcknowledgedCommit(Call call) {
        return call.isOk() && call.request().isCommit() && call.returnNanos() != Call.NEVER;
    }

    public History history() {
        return history;
    }

    public Timeline timeline() {
        return timeline;
    }

    /** How many commits were acknowledged between two moments. */
    public long acknowledgedBetween(long from, long until) {
        return LongStream.of(acknowledgements)
                .filter(at -> at >= from && at < until)
                .count();
    }

    /** Commits acknowledged a second, on average, between the begins of two phases. */
    public double rate(Phase from, Phase before) {
        long begin = timeline.begin(from);
        long end = timeline.begin(before);
        return end == Long.MAX_VALUE || end <= begin
                ? 0
                : acknowledgedBetween(begin, end) * NANOS_PER_SECOND / (end - begin);
    }

    /** Commits acknowledged a second right before the faults. */
    public double baseline() {
        return rateBefore(Phase.FAULTS);
    }

    /** Commits acknowledged a second in the last seconds before a phase began. */
    public double rateBefore(Phase phase) {
        long end = timeline.begin(phase);
        return end == Long.MAX_VALUE
                ? 0
                : acknowledgedBetween(end - WINDOW_NANOS, end) * NANOS_PER_SECOND / WINDOW_NANOS;
    }

    /** Calls that the workloads made, without the questions of the audit. */
    public List<Call> traffic() {
        return history.calls().stream()
                .filter(call -> call.load() != Load.AUDIT)
                .toList();
    }

    /** A time without any acknowledged commit. */
    public record Gap(long beginNanos, long endNanos) {
        /** How long it was. */
        public long millis() {
            return (endNanos - beginNanos) / NANOS_PER_MILLI;
        }
    }

    /** The times between acknowledgements, from the first fault to the end of the traffic, at least so long. */
    public List<Gap> gaps(long millisMin) {
        List<Gap> gaps = new ArrayList<>();
        for (int i = 1; i < acknowledgements.length; i++) {
            Gap gap = new Gap(acknowledgements[i - 1], acknowledgements[i]);
            boolean isOver = gap.endNanos() < timeline.begin(Phase.FAULTS);
            if (!isOver && gap.endNanos() < timeline.begin(Phase.AUDIT) && gap.millis() >= millisMin) {
                gaps.add(gap);
            }
        }
        return gaps;
    }

    /** For each fault the longest time without an acknowledgement that overlaps it, in milliseconds, sorted. */
    public List<Long> gapOfEachFault() {
        List<Gap> gaps = gaps(0);
        return timeline.faults().stream()
                .map(fault -> longest(gaps, fault))
                .sorted()
                .toList();
    }

    private static long longest(List<Gap> gaps, FaultSpan fault) {
        return gaps.stream()
                .filter(gap -> gap.endNanos() > fault.beginNanos() && gap.beginNanos() < fault.endNanos())
                .mapToLong(Gap::millis)
                .max()
                .orElse(0);
    }

    /** The smallest of sorted numbers that at least this share of them does not exceed; 0 of none. */
    public static long percentile(List<Long> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
