package io.statehouse.cluster.check.order;

import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.order.Axis.Evidence;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import java.util.HashMap;
import java.util.Map;

/**
 * C11: the server's own order explains every answer, at any scale.
 *
 * <p>Commits one after another by commit_ts, each answer compared with what that order would have answered, and the order
 * compared with the clock: together that is strict serializability. It believes the server's numbers; C1 and C3 do not.
 */
public final class WitnessChecker implements Checker {
    @Override
    public String name() {
        return "witness";
    }

    @Override
    public Verdict check(History history) {
        CommitOrder order = CommitOrder.of(history);
        if (order == null) {
            return new Verdict.Undecided(
                    "there is no replay of the journal, and the answers alone do not tell every commit");
        }
        Findings findings = new Findings();
        order.judge(findings);
        CommitTsChecker.judge(history, findings);
        Axis axis = new Axis(history, CommitWindows.of(history));
        Answers answers = new Answers(order, findings);
        Map<TxnId, Long> begun = new HashMap<>();
        long examined = 0;
        for (Call call : history.calls()) {
            TxnId id = call.request().commits();
            // The answer to an id that was sent before is the answer of then.
            Long first = id == null ? null : begun.putIfAbsent(id, call.callNanos());
            examined += judge(call, first == null ? call.callNanos() : first, answers, axis) ? 1 : 0;
        }
        return findings.verdict(examined);
    }

    private static boolean judge(Call call, long begunNanos, Answers answers, Axis axis) {
        Response response = call.response();
        if (response instanceof Response.Conflict conflict) {
            Evidence before = axis.reachedBefore(begunNanos);
            long lowest = before == null ? 0 : Axis.commitTsOf(before.place());
            answers.judge(call, conflict, lowest, axis.firstCommitBegunAfter(call.returnNanos()));
            return true;
        }
        if (!call.isOk()) {
            return false;
        }
        TxnId id = call.request().commits();
        CommitTs committed = CommitWindows.committedAt(call);
        if (id != null && committed != null) {
            answers.judgeAcknowledged(call, id, committed);
            return true;
        }
        if (call.request() instanceof Request.Read read && response instanceof Response.Found found) {
            answers.judge(call, read, found);
            return true;
        }
        if (call.request() instanceof Request.Scan scan && response instanceof Response.Scanned scanned) {
            answers.judge(call, scan, scanned);
            return true;
        }
        return false;
    }
}
