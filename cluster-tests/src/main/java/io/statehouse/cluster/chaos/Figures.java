package io.statehouse.cluster.chaos;

import io.statehouse.cluster.chaos.verdict.Facts;
import io.statehouse.cluster.chaos.verdict.Judgement;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Outcome;
import java.util.List;
import java.util.Locale;

/**
 * How much there was to judge.
 *
 * @param calls that the workloads made
 * @param commits of them that were acknowledged
 * @param unknown calls whose callers were left in doubt
 * @param gaps for each fault the longest time without an acknowledgement that overlaps it, in milliseconds, sorted
 * @param legal checkers that found nothing
 * @param checkers that looked
 */
record Figures(int calls, long commits, long unknown, List<Long> gaps, long legal, int checkers) {
    private static final double HALF = 0.5;

    static Figures of(History history, Judgement judgement) {
        var facts = new Facts(history);
        var verdicts = judgement.checks().verdicts().values();
        return new Figures(
                facts.traffic().size(),
                facts.traffic().stream().filter(Facts::isAcknowledgedCommit).count(),
                facts.traffic().stream()
                        .filter(call -> call.outcome() == Outcome.UNKNOWN)
                        .count(),
                facts.gapOfEachFault(),
                verdicts.stream().filter(Verdict.Legal.class::isInstance).count(),
                verdicts.size());
    }

    /** One line for a person. */
    String text() {
        return String.format(
                Locale.ROOT,
                "%d calls, %d commits, %d unknown, %d faults, write gap p50 %d max %d ms, %d of %d checkers legal",
                calls,
                commits,
                unknown,
                gaps.size(),
                Facts.percentile(gaps, HALF),
                Facts.percentile(gaps, 1),
                legal,
                checkers);
    }

    /** The cells of a row of a Markdown table. */
    String cells() {
        return String.format(
                Locale.ROOT,
                "%,d | %,d | %,d | %d | %,d / %,d ms | %d of %d",
                calls,
                commits,
                unknown,
                gaps.size(),
                Facts.percentile(gaps, HALF),
                Facts.percentile(gaps, 1),
                legal,
                checkers);
    }
}
