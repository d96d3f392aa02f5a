package io.statehouse.cluster.check.workload;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.command.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * C2: whatever was acknowledged is found, and whatever is found was asked for.
 *
 * <p>Elements are keys of one agent, each put once and never deleted; reads are linearizable scans of the agent without a
 * prefix. A scan that began after an element was acknowledged, or after another scan had shown it, shows it.
 */
public final class SetChecker implements Checker {
    private static final Set<Load> LOADS = Set.of(Load.SET, Load.AUDIT);

    @Override
    public String name() {
        return "set";
    }

    /** One set: who added what, and who looked. */
    private static final class Elements {
        private final Map<String, Call> adds = new LinkedHashMap<>();
        private final List<Call> scans = new ArrayList<>();
    }

    @Override
    public Verdict check(History history) {
        Map<Agent, Elements> sets = new HashMap<>();
        history.callsOf(Load.SET).forEach(call -> {
            if (call.request() instanceof Request.Commit commit) {
                commit.operations().forEach(operation -> noteAdd(call, operation, sets));
            }
        });
        history.callsOf(LOADS).forEach(call -> noteScan(call, sets));
        Findings findings = new Findings();
        long examined = 0;
        for (Elements set : sets.values()) {
            Call lastAck = set.adds.values().stream()
                    .filter(add -> add.isOk() && add.returnNanos() != Call.NEVER)
                    .max(Comparator.comparingLong(Call::returnNanos))
                    .orElse(null);
            if (lastAck != null && set.scans.stream().noneMatch(lastAck::isBefore)) {
                return new Verdict.Undecided("no scan began after the last acknowledged add: " + CallText.of(lastAck));
            }
            judge(set, findings);
            examined += set.adds.size();
        }
        return findings.verdict(examined);
    }

    private static void noteAdd(Call call, Operation operation, Map<Agent, Elements> sets) {
        sets.computeIfAbsent(operation.key().agent(), agent -> new Elements())
                .adds
                .put(operation.key().name(), call);
    }

    private static void noteScan(Call call, Map<Agent, Elements> sets) {
        if (call.isOk()
                && call.request() instanceof Request.Scan scan
                && scan.at() instanceof ReadPoint.Latest
                && scan.prefix().isEmpty()) {
            Elements set = sets.get(scan.agent());
            if (set != null) {
                set.scans.add(call);
            }
        }
    }

    private static void judge(Elements set, Findings findings) {
        Map<String, Call> acknowledged = new LinkedHashMap<>();
        set.adds.forEach((name, add) -> {
            if (add.isOk()) {
                acknowledged.put(name, add);
            }
        });
        Map<String, Call> firstShown = new LinkedHashMap<>();
        List<Set<String>> shown = new ArrayList<>();
        set.scans.sort(Comparator.comparingLong(Call::returnNanos));
        for (Call scan : set.scans) {
            Set<String> names = judgeRows(scan, set, findings);
            shown.add(names);
            names.forEach(name -> firstShown.putIfAbsent(name, scan));
        }
        Set<String> reported = new HashSet<>();
        for (int index = 0; index < shown.size(); index++) {
            Call scan = set.scans.get(index);
            List<String> lost = missing(acknowledged, scan, shown.get(index), reported);
            lost.forEach(name -> report(Anomaly.LOST_WRITE, name, acknowledged.get(name), scan, findings));
            List<String> gone = missing(firstShown, scan, shown.get(index), reported);
            gone.forEach(name -> report(Anomaly.FLICKER, name, firstShown.get(name), scan, findings));
        }
    }

    /** What was known before the scan began and is not in it; each name once. */
    private static List<String> missing(Map<String, Call> known, Call scan, Set<String> names, Set<String> reported) {
        List<String> missing = new ArrayList<>();
        known.forEach((name, since) -> {
            if (!names.contains(name) && since.isBefore(scan) && reported.add(name)) {
                missing.add(name);
            }
        });
        return missing;
    }

    private static Set<String> judgeRows(Call scan, Elements set, Findings findings) {
        Set<String> names = new HashSet<>();
        if (!(scan.response() instanceof Response.Scanned scanned)) {
            return names;
        }
        for (Response.Row row : scanned.rows()) {
            Call add = set.adds.get(row.name());
            if (!names.add(row.name())) {
                report(Anomaly.UNSORTED, row.name(), null, scan, findings);
            } else if (add == null) {
                report(Anomaly.GARBAGE, row.name(), null, scan, findings);
            } else if (add.outcome() == Outcome.FAIL) {
                report(Anomaly.FAILED_BUT_APPLIED, row.name(), add, scan, findings);
            } else if (row.version() > 1) {
                report(Anomaly.DOUBLE_APPLY, row.name(), add, scan, findings);
            }
        }
        return names;
    }

    private static void report(Anomaly anomaly, String name, @Nullable Call since, Call scan, Findings findings) {
        String before = since == null ? "" : "  " + CallText.of(since) + "\n";
        findings.add(anomaly, "element " + name + "\n" + before + "  " + CallText.of(scan));
    }
}
