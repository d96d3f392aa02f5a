package io.statehouse.cluster.check.agent;

import static io.statehouse.cluster.check.agent.SessionChecker.report;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.history.Members;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Leases and claims that were granted: no token twice, and who came later has the larger one. */
record Grants(String resource, List<Grant> grants) {
    /** What one call was given. */
    record Grant(AgentCall call, long token) {}

    /** Judges all leases; returns how many were granted. */
    static long judge(List<AgentCall> calls, Findings findings) {
        Map<String, Grants> byResource = new LinkedHashMap<>();
        for (AgentCall call : calls) {
            Members answer = call.answer();
            if (answer == null || !call.method().equals("lease.acquire") || !answer.flag("granted")) {
                continue;
            }
            for (Members lease : answer.list("leases", Members::read)) {
                byResource
                        .computeIfAbsent(lease.text("resource"), resource -> new Grants(resource, new ArrayList<>()))
                        .grants
                        .add(new Grant(call, lease.number("token")));
            }
        }
        byResource.values().forEach(grants -> grants.judge(findings));
        return byResource.values().stream()
                .mapToLong(grants -> grants.grants.size())
                .sum();
    }

    void judge(Findings findings) {
        Map<Long, Grant> byToken = new LinkedHashMap<>();
        for (Grant grant : grants) {
            Grant other = byToken.putIfAbsent(grant.token, grant);
            if (other != null) {
                report(findings, Anomaly.GRANTED_TWICE, name(grant), other.call, grant.call);
            }
        }
        for (Grant grant : grants) {
            Grant later = grants.stream()
                    .filter(other -> grant.call.isBefore(other.call) && other.token < grant.token)
                    .findFirst()
                    .orElse(null);
            if (later != null) {
                report(findings, Anomaly.TOKEN_FELL, name(grant), grant.call, later.call);
            }
        }
    }

    private String name(Grant grant) {
        return resource + ", token " + grant.token;
    }
}
