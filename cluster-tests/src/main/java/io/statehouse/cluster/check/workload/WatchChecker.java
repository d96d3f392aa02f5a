package io.statehouse.cluster.check.workload;

import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.statemachine.CommitTs;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * C8: a watch delivers every commit in its scope once, whole, unaltered and in order, from where it was asked to begin.
 *
 * <p>A stream that resumes another is judged from the commit it resumes at, so a resume that skips or repeats shows. What a
 * stream delivers beyond the end of the replayed journal is not compared.
 */
public final class WatchChecker implements Checker {
    @Override
    public String name() {
        return "watch";
    }

    @Override
    public Verdict check(History history) {
        Replay longest = history.longestReplay();
        if (longest == null) {
            return history.watches().isEmpty()
                    ? new Verdict.Legal(0)
                    : new Verdict.Undecided("watches are compared with a replay of the journal, and there is none");
        }
        NavigableMap<CommitTs, ReplayedCommit> journal = new TreeMap<>();
        longest.commits().forEach(commit -> journal.put(commit.commitTs(), commit));
        Findings findings = new Findings();
        long delivered = history.watches().stream()
                .mapToLong(stream -> StreamJudge.judge(stream, journal, findings))
                .sum();
        return findings.verdict(delivered);
    }
}
