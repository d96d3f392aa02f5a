package io.statehouse.cluster.chaos.verdict;

import io.statehouse.cluster.chaos.verdict.Timeline.FaultSpan;
import io.statehouse.cluster.chaos.verdict.Timeline.Phase;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Response;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The demands that cases are made of. */
public final class Demands {
    private static final double HALF = 0.5;

    private Demands() {}

    /** The time without acknowledged commits that a fault causes is at most so long, for half of the faults and for all. */
    public static Acceptance gaps(Duration median, Duration most) {
        return facts -> {
            List<Long> gaps = facts.gapOfEachFault();
            long middle = Facts.percentile(gaps, HALF);
            long longest = Facts.percentile(gaps, 1);
            return Ruling.timely(
                    "writes resume",
                    middle <= median.toMillis() && longest <= most.toMillis(),
                    "gap p50 " + middle + " ms, max " + longest + " ms; at most " + median.toMillis() + " and "
                            + most.toMillis() + "; each: " + gaps);
        };
    }

    /** At least so many faults were struck. */
    public static Acceptance faultsAtLeast(int least) {
        return facts -> {
            int struck = facts.timeline().faults().size();
            return Ruling.valid("enough faults", struck >= least, struck + " struck; at least " + least);
        };
    }

    /** Leadership went to another node at most so often. */
    public static Acceptance leaderChangesAtMost(int most) {
        return facts -> {
            int changes = facts.timeline().leaderChanges();
            return Ruling.timely(
                    "no needless elections", changes <= most, changes + " leader changes; at most " + most);
        };
    }

    /** Nothing that began when a fault had been in force for a while was acknowledged before it began to be undone. */
    public static Acceptance nothingAcknowledgedDuring(String fault, Duration after) {
        return facts -> {
            for (FaultSpan span : facts.timeline().faults()) {
                Call call = span.name().equals(fault) ? acknowledgedWithin(facts, span, after) : null;
                if (call != null) {
                    return Ruling.of(
                            "a minority acknowledges nothing",
                            false,
                            "acknowledged during fault " + span.number() + ": " + CallText.of(call));
                }
            }
            return Ruling.pass("a minority acknowledges nothing", "");
        };
    }

    private static @Nullable Call acknowledgedWithin(Facts facts, FaultSpan span, Duration after) {
        return facts.traffic().stream()
                .filter(Facts::isAcknowledgedCommit)
                .filter(call ->
                        call.callNanos() > span.beginNanos() + after.toNanos() && call.returnNanos() < span.healNanos())
                .findFirst()
                .orElse(null);
    }

    /** While faults were struck, at least this share of the baseline was acknowledged. */
    public static Acceptance goodputAtLeast(int percent) {
        return facts -> {
            double before = facts.baseline();
            double during = facts.rate(Phase.FAULTS, Phase.RECOVERY);
            return Ruling.timely(
                    "goodput under faults",
                    during * 100 >= before * percent,
                    String.format(Locale.ROOT, "%.0f commits/s, %.0f before; at least %d %%", during, before, percent));
        };
    }

    /** No call of the patient callers ended without an answer or a refusal that is about what it asked for. */
    public static Acceptance noFailedCalls(Duration patience) {
        return facts -> {
            List<Call> failed = facts.traffic().stream()
                    .filter(call -> call.outcome() == Outcome.UNKNOWN || isUnavailable(call))
                    .filter(call -> call.process() % 2 == 0)
                    .toList();
            return Ruling.timely(
                    "no failed calls",
                    failed.isEmpty(),
                    failed.size() + " calls of callers that wait up to " + patience.toMillis() + " ms"
                            + (failed.isEmpty() ? "" : ", the first: " + CallText.of(failed.getFirst())));
        };
    }

    /** At least so many commits were answered with the answer that an earlier try of theirs had not brought home. */
    public static Acceptance repeatedAtLeast(int least) {
        return facts -> {
            long repeated = facts.traffic().stream()
                    .filter(call -> call.response() instanceof Response.Committed committed && committed.isReplayed())
                    .count();
            return Ruling.valid("repeated commits", repeated >= least, repeated + " repeated; at least " + least);
        };
    }

    private static boolean isUnavailable(Call call) {
        return call.response() instanceof Response.Refused refused
                && refused.code().equals("UNAVAILABLE");
    }

    /** The plan saw this, with one of these values, at least once, and never with another. */
    public static Acceptance saw(String name, String... values) {
        return facts -> {
            var expected = List.of(values);
            var seen = facts.timeline().sightings().stream()
                    .filter(sighting -> sighting.name().equals(name))
                    .map(Timeline.Sighting::value)
                    .distinct()
                    .toList();
            boolean isRight = !seen.isEmpty() && expected.containsAll(seen);
            return Ruling.of(name, isRight, "saw " + seen + ", expected " + expected);
        };
    }

    /** No commit is stamped with an earlier time than one before it, in the journal of any node. */
    public static Acceptance logTimeNeverTurnsBack() {
        return facts -> {
            for (Replay replay : facts.history().replays()) {
                long latest = 0;
                for (ReplayedCommit commit : replay.commits()) {
                    if (commit.wallMillis() < latest) {
                        String what = replay.node() + " has commit " + commit.commitTs() + " at " + commit.wallMillis();
                        return Ruling.of("log time never turns back", false, what + " after " + latest);
                    }
                    latest = commit.wallMillis();
                }
            }
            return Ruling.pass("log time never turns back", "");
        };
    }
}
