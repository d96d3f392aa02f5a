package io.statehouse.cluster.chaos.verdict;

import io.statehouse.cluster.chaos.verdict.Timeline.FaultSpan;
import io.statehouse.cluster.chaos.verdict.Timeline.Phase;
import io.statehouse.cluster.check.Budget;
import io.statehouse.cluster.check.CheckReport;
import io.statehouse.cluster.check.Checks;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.HistoryLine.ReplicaSeen;
import io.statehouse.cluster.check.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Judges a run by its history alone: the checkers, what every run must show, and what its case demands beyond that.
 *
 * <p>A run that proves nothing is no pass: too little traffic, a fault nobody saw, a checker that could not decide, a node whose
 * journal was never read.
 */
public final class Judge {
    /** The setting that names the nodes a run has. */
    public static final String NODES = "nodes";

    /** The setting that holds the longest time a call of the client may take, in milliseconds. */
    public static final String DEADLINE = "deadline.ms";

    /** The setting that holds how many commits a second there must have been before the faults. */
    public static final String TRAFFIC = "traffic.min";

    /** The setting that holds why a run was broken off. */
    public static final String BROKEN_OFF = "broken-off";

    /** The harness notes by this name what a node's proof of its own store found wrong. */
    public static final String DAMAGE = "damage in a store";

    /** What of the baseline must be reached again after all is healed. */
    private static final double RECOVERED_SHARE = 0.9;

    /** Threads of a crowded machine answer their timers late. */
    private static final long LATENESS_MILLIS_MAX = 1_500;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private Judge() {}

    /** Judges a history by the demands on every run and these. */
    public static Judgement judge(History history, List<Acceptance> demands) {
        Facts facts = new Facts(history);
        CheckReport checks = new Checks(Budget.standard()).check(history);
        List<Ruling> rulings = new ArrayList<>();
        rulings.add(completion(facts));
        rulings.addAll(checkers(checks));
        rulings.add(baseline(facts));
        rulings.addAll(faults(facts));
        rulings.add(deaths(facts));
        rulings.add(deadlines(facts));
        rulings.add(recovery(facts));
        rulings.add(journals(facts));
        rulings.add(stores(facts));
        demands.forEach(demand -> rulings.add(demand.judge(facts)));
        return new Judgement(rulings, checks);
    }

    private static Ruling completion(Facts facts) {
        String why = facts.history().settings().getOrDefault(BROKEN_OFF, "");
        boolean isDone = facts.timeline().phases().containsKey(Phase.DONE);
        return Ruling.of("the run came to its end", isDone && why.isEmpty(), isDone ? "" : "it was broken off: " + why);
    }

    private static List<Ruling> checkers(CheckReport checks) {
        List<Ruling> rulings = new ArrayList<>();
        checks.verdicts().forEach((name, verdict) -> {
            String demand = "checker " + name;
            rulings.add(
                    switch (verdict) {
                        case Verdict.Legal legal -> Ruling.pass(demand, legal.examined() + " facts examined");
                        case Verdict.Undecided undecided ->
                            new Ruling(demand, Ruling.Grade.INVALID, undecided.reason());
                        case Verdict.Illegal illegal ->
                            new Ruling(
                                    demand,
                                    Ruling.Grade.FAIL,
                                    illegal.findings().size() + " findings, the first: "
                                            + illegal.findings()
                                                    .getFirst()
                                                    .anomaly()
                                                    .meaning());
                    });
        });
        return rulings;
    }

    private static Ruling baseline(Facts facts) {
        double rate = facts.baseline();
        long least = Long.parseLong(facts.history().settings().getOrDefault(TRAFFIC, "1"));
        return Ruling.valid(
                "traffic",
                rate >= least,
                String.format(Locale.ROOT, "%.0f commits/s before the faults; at least %d", rate, least));
    }

    private static List<Ruling> faults(Facts facts) {
        List<FaultSpan> faults = facts.timeline().faults();
        List<Ruling> rulings = new ArrayList<>();
        rulings.add(Ruling.valid("faults", !faults.isEmpty(), faults.size() + " struck"));
        for (FaultSpan fault : faults) {
            if (!fault.isObserved()) {
                rulings.add(Ruling.valid(
                        "faults observed",
                        false,
                        "nobody saw fault " + fault.number() + ", " + fault.name() + " on " + fault.target()));
            }
        }
        return rulings;
    }

    private static Ruling deaths(Facts facts) {
        var deaths = facts.timeline().deaths();
        return Ruling.of(
                "no other process died",
                deaths.isEmpty(),
                deaths.isEmpty()
                        ? ""
                        : deaths.getFirst().node() + " ended with status "
                                + deaths.getFirst().status());
    }

    private static Ruling deadlines(Facts facts) {
        long most = Long.parseLong(facts.history().settings().getOrDefault(DEADLINE, "0"));
        Call worst = null;
        long worstBy = Long.MIN_VALUE;
        long done = facts.timeline().begin(Phase.DONE);
        for (Call call : facts.traffic()) {
            long left = call.leftNanos() == Call.NEVER ? done : call.leftNanos();
            if (left == Call.NEVER) {
                // Open when the run broke off, which fails it by itself.
                continue;
            }
            // A transaction over lists is several calls of the client, one for each step and the commit.
            long calls = call.request() instanceof Request.Append append
                    ? append.steps().size() + 1
                    : 1;
            long by = (left - call.callNanos()) / NANOS_PER_MILLI - calls * most;
            worst = by > worstBy ? call : worst;
            worstBy = Math.max(by, worstBy);
        }
        return worst == null || worstBy <= LATENESS_MILLIS_MAX
                ? Ruling.pass("calls end in time", "")
                : Ruling.timely("calls end in time", false, worstBy + " ms late: " + CallText.of(worst));
    }

    private static Ruling recovery(Facts facts) {
        double before = facts.baseline();
        double after = facts.rateBefore(Phase.AUDIT);
        return Ruling.timely(
                "traffic recovers",
                after >= RECOVERED_SHARE * before,
                String.format(Locale.ROOT, "%.0f commits/s in the end, %.0f before the faults", after, before));
    }

    private static Ruling journals(Facts facts) {
        long asked = Long.parseLong(facts.history().settings().getOrDefault(NODES, "0"));
        long read = facts.history().replays().stream()
                .map(replay -> replay.node())
                .distinct()
                .count();
        return Ruling.valid(
                "every node was audited", read == asked && asked > 0, read + " of " + asked + " journals read");
    }

    /** Every node has proved its store against its journal, all at one commit, where the checkers compare them. */
    private static Ruling stores(Facts facts) {
        String damage = facts.timeline().sightings().stream()
                .filter(sighting -> sighting.name().equals(DAMAGE))
                .map(Timeline.Sighting::value)
                .collect(Collectors.joining("; "));
        String demand = "every store is proved";
        if (!damage.isEmpty()) {
            return Ruling.of(demand, false, damage);
        }
        var replicas = facts.history().replicas();
        long nodes = replicas.stream().map(ReplicaSeen::node).distinct().count();
        var commits = replicas.stream().map(ReplicaSeen::commitTs).distinct().toList();
        long asked = Long.parseLong(facts.history().settings().getOrDefault(NODES, "0"));
        return Ruling.valid(
                demand,
                nodes == asked && commits.size() == 1,
                nodes + " of " + asked + " proved, at commits " + commits);
    }
}
