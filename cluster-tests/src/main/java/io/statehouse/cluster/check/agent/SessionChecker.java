package io.statehouse.cluster.check.agent;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * C12: the events of a session stand in one row, 1, 2, 3 and so on, each acknowledged one where its caller was told and in the order
 * of the clock; and of events that name leases, none under an older token comes after one under a newer.
 *
 * <p>Each event has a number in its payload that no other has. Somebody reads every session from its beginning when all is over.
 */
public final class SessionChecker implements Checker {
    @Override
    public String name() {
        return "sessions";
    }

    @Override
    public Verdict check(History history) {
        List<AgentCall> calls = AgentCall.of(history, Load.SESSIONS);
        Map<String, EventRow> rows = new LinkedHashMap<>();
        for (AgentCall call : calls) {
            switch (call.method()) {
                case "events.append" ->
                    row(rows, call.params().text("session_id")).appends.add(call);
                case "events.read" -> row(rows, call.params().text("id")).note(call);
                default -> {
                    // Leases are judged below; how a session is made says nothing of its events.
                }
            }
        }
        Findings findings = new Findings();
        long examined = 0;
        for (EventRow row : rows.values()) {
            if (!row.isReadInTheEnd()) {
                return new Verdict.Undecided("no read of a session's events began after all appends");
            }
            row.judge(findings);
            examined += row.acknowledged();
        }
        return findings.verdict(examined + Grants.judge(calls, findings));
    }

    private static EventRow row(Map<String, EventRow> rows, String session) {
        return rows.computeIfAbsent(session, EventRow::new);
    }

    static void report(Findings findings, Anomaly anomaly, String what, AgentCall... calls) {
        findings.add(anomaly, what + "\n" + AgentCall.text(calls));
    }
}
