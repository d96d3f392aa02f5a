package io.statehouse.cluster.check.order;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import java.util.HashMap;
import java.util.Map;

/**
 * C9: the past does not change: the same question about the same commit has one answer, on every node and at any time, or the
 * refusal that it is no longer kept; and it is what the journal adds up to.
 */
public final class TimeTravelChecker implements Checker {
    @Override
    public String name() {
        return "time-travel";
    }

    @Override
    public Verdict check(History history) {
        Findings findings = new Findings();
        CommitOrder order = CommitOrder.of(history);
        Answers answers = order == null ? null : new Answers(order, findings);
        Map<Request, Call> first = new HashMap<>();
        long examined = 0;
        for (Call call : history.calls()) {
            Response response = call.response();
            if (!(Axis.askedOf(call.request()) instanceof ReadPoint.AtCommit) || !call.isOk() || response == null) {
                continue;
            }
            examined++;
            Call other = first.putIfAbsent(call.request(), call);
            if (other != null && !response.equals(other.response())) {
                findings.add(Anomaly.PAST_CHANGED, "  " + CallText.of(other) + "\n  " + CallText.of(call));
            }
            if (answers == null) {
                continue;
            }
            if (call.request() instanceof Request.Read read && response instanceof Response.Found found) {
                answers.judge(call, read, found);
            } else if (call.request() instanceof Request.Scan scan && response instanceof Response.Scanned scanned) {
                answers.judge(call, scan, scanned);
            }
        }
        return findings.verdict(examined);
    }
}
