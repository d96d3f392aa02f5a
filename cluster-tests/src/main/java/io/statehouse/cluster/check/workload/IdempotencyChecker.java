package io.statehouse.cluster.check.workload;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.TxnId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * C5: one transaction id is one execution with one answer for ever.
 *
 * <p>All calls under an id that are answered with a commit tell the same commit, ask for the same, and at most one of them is
 * told that it was the first; a conflict is as final as a commit. The journal holds the id at most once.
 */
public final class IdempotencyChecker implements Checker {
    @Override
    public String name() {
        return "idempotency";
    }

    @Override
    public Verdict check(History history) {
        Map<TxnId, List<Call>> byId = new LinkedHashMap<>();
        for (Call call : history.calls()) {
            if (call.request() instanceof Request.Commit commit) {
                byId.computeIfAbsent(commit.txnId(), id -> new ArrayList<>()).add(call);
            }
        }
        Findings findings = new Findings();
        byId.values().forEach(calls -> judge(calls, findings));
        for (Replay replay : history.replays()) {
            Map<TxnId, ReplayedCommit> seen = new HashMap<>();
            for (ReplayedCommit commit : replay.commits()) {
                ReplayedCommit other = seen.putIfAbsent(commit.txnId(), commit);
                if (other != null) {
                    findings.add(
                            Anomaly.DOUBLE_APPLY,
                            "the journal of %s holds %s at commit_ts %s and %s"
                                    .formatted(
                                            replay.node(),
                                            commit.txnId().value(),
                                            other.commitTs(),
                                            commit.commitTs()));
                }
            }
        }
        long contested =
                byId.values().stream().filter(calls -> calls.size() > 1).count();
        return findings.verdict(contested);
    }

    private static void judge(List<Call> calls, Findings findings) {
        Call decided = null;
        Call first = null;
        for (Call call : calls) {
            if (!isDecision(call)) {
                continue;
            }
            if (decided != null) {
                compare(decided, call, findings);
            }
            decided = decided == null ? call : decided;
            if (call.response() instanceof Response.Committed committed && !committed.isReplayed()) {
                if (first != null) {
                    findings.add(Anomaly.DOUBLE_APPLY, text(first, call));
                }
                first = call;
            }
        }
    }

    /** Refusals for other reasons, such as an id in use for other contents, say nothing of the id's own fate. */
    private static boolean isDecision(Call call) {
        return call.response() instanceof Response.Committed || call.response() instanceof Response.Conflict;
    }

    private static void compare(Call decided, Call call, Findings findings) {
        if (!isSameAnswer(decided.response(), call.response())) {
            findings.add(Anomaly.ANSWERS_DIFFER, text(decided, call));
        } else if (!decided.request().equals(call.request())) {
            findings.add(Anomaly.ID_REUSED, text(decided, call));
        }
    }

    private static boolean isSameAnswer(@Nullable Response one, @Nullable Response two) {
        if (one instanceof Response.Committed mine && two instanceof Response.Committed theirs) {
            return mine.commitTs().equals(theirs.commitTs()) && mine.versions().equals(theirs.versions());
        }
        return Objects.equals(one, two);
    }

    private static String text(Call one, Call two) {
        return CallText.of(List.of(one, two));
    }
}
