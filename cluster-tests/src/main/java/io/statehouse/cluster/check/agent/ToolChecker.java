package io.statehouse.cluster.check.agent;

import static io.statehouse.cluster.check.agent.SessionChecker.report;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Members;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * C13: of all who ask for an effect one does it, and all hear the same of what came of it.
 *
 * <p>Claims are for one attempt, and those of a key are all repeatable or none: the first kind is granted once, the other once more when
 * its claimer was silent. Each output has a number that no other has. Once a finish was acknowledged nothing else is ever told.
 */
public final class ToolChecker implements Checker {
    private static final int GRANTS_IF_REPEATABLE = 2;

    @Override
    public String name() {
        return "tools";
    }

    @Override
    public Verdict check(History history) {
        Map<String, Effect> effects = new LinkedHashMap<>();
        for (AgentCall call : AgentCall.of(history, Load.TOOLS)) {
            effects.computeIfAbsent(call.params().text("key"), key -> new Effect(key, new ArrayList<>()))
                    .calls
                    .add(call);
        }
        Findings findings = new Findings();
        effects.values().forEach(effect -> effect.judge(findings));
        return findings.verdict(
                effects.values().stream().filter(Effect::isContested).count());
    }

    /** All that was asked and told under one key. */
    private record Effect(String key, List<AgentCall> calls) {
        private List<AgentCall> of(String method) {
            return calls.stream().filter(call -> call.method().equals(method)).toList();
        }

        /** Whether several asked for it, and somebody was told that it is done. */
        private boolean isContested() {
            return of("tools.claim").size() > 1 && calls.stream().anyMatch(Effect::isSuccess);
        }

        private void judge(Findings findings) {
            Grants grants = grants();
            grants.judge(findings);
            boolean isRepeatable =
                    of("tools.claim").stream().anyMatch(claim -> claim.params().flag("is_repeatable"));
            int most = isRepeatable ? GRANTS_IF_REPEATABLE : 1;
            if (grants.grants().size() > most) {
                report(
                        findings,
                        Anomaly.GRANTED_TWICE,
                        key + " was granted " + grants.grants().size() + " times",
                        grants.grants().stream().map(Grants.Grant::call).toArray(AgentCall[]::new));
            }
            judgeOutputs(findings);
            judgeAfterwards(findings);
        }

        private Grants grants() {
            List<Grants.Grant> grants = new ArrayList<>();
            for (AgentCall claim : of("tools.claim")) {
                Members answer = claim.answer();
                if (answer != null && AgentCall.hasNumber(answer, "token")) {
                    grants.add(new Grants.Grant(claim, answer.number("token")));
                }
            }
            return new Grants(key, grants);
        }

        private static boolean isSuccess(AgentCall call) {
            Members answer = call.answer();
            return answer != null && answer.text("status").equals("succeeded");
        }

        private static boolean contradictsSuccess(AgentCall call) {
            boolean isMissing = call.call().response() instanceof Response.Refused refused
                    && refused.code().equals(Response.Refused.KEY_NOT_FOUND);
            return isMissing || (call.answer() != null && !isSuccess(call));
        }

        /** There is one output, of a finish that was not refused. */
        private void judgeOutputs(Findings findings) {
            Map<Long, AgentCall> finishes = new HashMap<>();
            of("tools.finish").forEach(finish -> finishes.put(AgentCall.mark(finish.params(), "output"), finish));
            AgentCall first = null;
            for (AgentCall told : calls) {
                Members answer = told.answer();
                if (answer == null || !isSuccess(told)) {
                    continue;
                }
                long mark = AgentCall.hasObject(answer, "output") ? AgentCall.mark(answer, "output") : 0;
                AgentCall finish = finishes.get(mark);
                if (finish == null) {
                    report(findings, Anomaly.GARBAGE, key + " has an output that nobody gave", told);
                } else if (finish.call().outcome() == Outcome.FAIL) {
                    report(findings, Anomaly.FAILED_BUT_APPLIED, key, finish, told);
                }
                if (first != null && AgentCall.mark(first.answerOrThrow(), "output") != mark) {
                    report(findings, Anomaly.ANSWERS_DIFFER, key, first, told);
                }
                first = first == null && finish != null ? told : first;
            }
        }

        private void judgeAfterwards(Findings findings) {
            for (AgentCall finish : of("tools.finish")) {
                AgentCall later = finish.answer() == null
                        ? null
                        : calls.stream()
                                .filter(call -> !call.method().equals("tools.finish"))
                                .filter(call -> finish.isBefore(call) && contradictsSuccess(call))
                                .findFirst()
                                .orElse(null);
                if (later != null) {
                    report(findings, Anomaly.LOST_WRITE, key + " was finished and is not", finish, later);
                }
            }
        }
    }
}
