package io.statehouse.cluster.check.order;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.order.Axis.Evidence;
import io.statehouse.cluster.check.order.CommitWindows.Window;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * C6: commit_ts names each commit once and agrees with the clock.
 *
 * <p>What began after something had returned stands behind it; a linearizable read answers from no older state than anything
 * that was seen or acknowledged before it began.
 */
public final class CommitTsChecker implements Checker {
    @Override
    public String name() {
        return "commit-ts";
    }

    @Override
    public Verdict check(History history) {
        Findings findings = new Findings();
        return findings.verdict(judge(history, findings));
    }

    static long judge(History history, Findings findings) {
        Collection<Window> windows = CommitWindows.of(history);
        Axis axis = new Axis(history, windows);
        judgeUnique(history, findings);
        for (Window window : windows) {
            Evidence before = axis.reachedBefore(window.callNanos());
            if (before != null && before.place() >= Axis.ofCommit(window.commitTs())) {
                findings.add(Anomaly.COMMIT_ORDER, text(before, window.call()));
            }
        }
        long reads = 0;
        for (Call call : history.calls()) {
            CommitTs readTs = Axis.readTsOf(call);
            ReadPoint asked = Axis.askedOf(call.request());
            if (readTs != null && asked != null) {
                judgeRead(call, asked, readTs.value(), axis, findings);
                reads++;
            }
        }
        return windows.size() + reads;
    }

    private static void judgeUnique(History history, Findings findings) {
        Map<CommitTs, Call> byTs = new HashMap<>();
        Map<TxnId, Call> byTxn = new HashMap<>();
        for (Call call : history.calls()) {
            CommitTs committed = CommitWindows.committedAt(call);
            TxnId id = call.request().commits();
            if (committed == null || id == null) {
                continue;
            }
            Call other = byTs.putIfAbsent(committed, call);
            if (other != null && !id.equals(other.request().commits())) {
                findings.add(Anomaly.DUPLICATE_COMMIT_TS, text(other, call));
            }
            Call same = byTxn.putIfAbsent(id, call);
            if (same != null && !committed.equals(CommitWindows.committedAt(same))) {
                findings.add(Anomaly.ANSWERS_DIFFER, text(same, call));
            }
        }
    }

    private static void judgeRead(Call call, ReadPoint asked, long readTs, Axis axis, Findings findings) {
        switch (asked) {
            case ReadPoint.Latest latest -> {
                Evidence before = axis.reachedBefore(call.callNanos());
                if (before != null && before.place() > Axis.ofRead(readTs)) {
                    findings.add(Anomaly.READ_POINT, text(before, call));
                }
            }
            case ReadPoint.AtLeast least -> {
                if (readTs < least.commitTs().value()) {
                    findings.add(Anomaly.READ_POINT, "  " + CallText.of(call));
                }
            }
            case ReadPoint.AtCommit past -> {
                if (readTs != past.commitTs().value()) {
                    findings.add(Anomaly.READ_POINT, "  " + CallText.of(call));
                }
            }
            case ReadPoint.Local local -> {}
        }
        // A state that was read holds no commit that had not begun by then.
        if (axis.firstCommitBegunAfter(call.returnNanos()) <= readTs) {
            findings.add(Anomaly.READ_POINT, "a later call made one of the commits it saw:\n  " + CallText.of(call));
        }
    }

    private static String text(Evidence before, Call call) {
        Call sayer = before.call();
        return sayer == null
                ? "a watch had delivered commit_ts %d before\n  %s"
                        .formatted(Axis.commitTsOf(before.place()), CallText.of(call))
                : text(sayer, call);
    }

    private static String text(@Nullable Call first, Call second) {
        return (first == null ? "" : "  " + CallText.of(first) + "\n") + "  " + CallText.of(second);
    }
}
