package io.statehouse.cluster.check.workload;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.history.HistoryLine;
import io.statehouse.cluster.check.history.HistoryLine.WatchDelivered;
import io.statehouse.cluster.check.history.HistoryLine.WatchEnded;
import io.statehouse.cluster.check.history.HistoryLine.WatchOpened;
import io.statehouse.cluster.check.history.HistoryLine.WatchProgressed;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.WatchScope;
import io.statehouse.cluster.check.history.WatchStream;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Follows what one watch stream said against the journal. */
final class StreamJudge {
    private final WatchOpened opened;
    private final NavigableMap<CommitTs, ReplayedCommit> journal;
    private final Findings findings;
    private long delivered;

    /** Everything in scope up to here was delivered; null while a stream that began anywhere has not said where. */
    private @Nullable CommitTs position;

    StreamJudge(WatchOpened opened, NavigableMap<CommitTs, ReplayedCommit> journal, Findings findings) {
        this.opened = opened;
        this.journal = journal;
        this.findings = findings;
        long start = opened.startTs().value();
        this.position = start == 0 ? null : new CommitTs(start - 1);
    }

    /** Judges the whole stream and returns how many commits it delivered. */
    static long judge(WatchStream stream, NavigableMap<CommitTs, ReplayedCommit> journal, Findings findings) {
        StreamJudge judge = new StreamJudge(stream.opened(), journal, findings);
        stream.messages().forEach(judge::follow);
        return judge.delivered;
    }

    private void follow(HistoryLine message) {
        CommitTs before = position;
        if (message instanceof WatchDelivered event) {
            delivered++;
            accept(before, event.commit());
        } else if (message instanceof WatchProgressed progress) {
            accept(before, progress.progressTs());
        } else if (message instanceof WatchEnded ended && before != null) {
            requireNothingBetween(before, ended.untilTs().next());
        }
    }

    private void accept(@Nullable CommitTs before, CommitTs progress) {
        if (before != null && before.isAfter(progress)) {
            report(Anomaly.WATCH_UNORDERED, "progress " + progress + " after " + before);
            return;
        }
        if (before != null) {
            requireNothingBetween(before, progress.next());
        }
        position = progress;
    }

    private void accept(@Nullable CommitTs before, ReplayedCommit commit) {
        CommitTs at = commit.commitTs();
        if (before != null && at.equals(before)) {
            report(Anomaly.WATCH_DUPLICATE, "commit_ts " + at + " after all up to it");
            return;
        }
        if (before != null && before.isAfter(at)) {
            report(Anomaly.WATCH_UNORDERED, "commit_ts " + at + " after " + before);
            return;
        }
        if (before != null) {
            requireNothingBetween(before, at);
        }
        position = at;
        judgeContents(commit);
    }

    /** Between where the stream stands and this commit nothing in scope may lie. */
    private void requireNothingBetween(CommitTs before, CommitTs next) {
        if (!next.isAfter(before)) {
            return;
        }
        List<CommitTs> missed = new ArrayList<>();
        for (Map.Entry<CommitTs, ReplayedCommit> entry :
                journal.subMap(before, false, next, false).entrySet()) {
            if (!opened.scope().cut(entry.getValue().events()).isEmpty()) {
                missed.add(entry.getKey());
            }
        }
        if (!missed.isEmpty()) {
            report(Anomaly.WATCH_GAP, "commits " + missed + " were passed over");
        }
    }

    private void judgeContents(ReplayedCommit commit) {
        boolean isBeyondJournal = journal.isEmpty() || commit.commitTs().isAfter(journal.lastKey());
        if (isBeyondJournal) {
            return;
        }
        ReplayedCommit committed = journal.get(commit.commitTs());
        WatchScope scope = opened.scope();
        if (committed == null || !committed.txnId().equals(commit.txnId())) {
            report(Anomaly.WATCH_PHANTOM, commit + " is not in the journal, which has " + committed);
            return;
        }
        List<Event> expected = scope.cut(committed.events());
        boolean isOutside = commit.events().stream().anyMatch(event -> !scope.holds(event.key()));
        if (isOutside || expected.isEmpty()) {
            report(Anomaly.WATCH_FILTER, commit + " is out of scope");
        } else if (!commit.events().equals(expected) || commit.wallMillis() != committed.wallMillis()) {
            report(Anomaly.WATCH_TORN, commit + " should be " + committed);
        }
    }

    private void report(Anomaly anomaly, String what) {
        findings.add(
                anomaly,
                "%s, stream %d from commit_ts %s at %s: %s"
                        .formatted(opened.watcher(), opened.stream(), opened.startTs(), opened.node(), what));
    }
}
