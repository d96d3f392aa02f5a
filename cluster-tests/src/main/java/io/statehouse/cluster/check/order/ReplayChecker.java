package io.statehouse.cluster.check.order;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.HistoryLine.ReplicaSeen;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * C7: the journal is the state: every acknowledged commit is in it once, nothing else is, and what it adds up to is what scans
 * find and what all replicas hold.
 */
public final class ReplayChecker implements Checker {
    /** Refusals after which the same id may well be committed: by another request under it. */
    private static final Set<String> OF_ANOTHER_REQUEST = Set.of("TXN_ID_REUSED", "TXN_ALREADY_COMMITTED");

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public Verdict check(History history) {
        Replay longest = history.longestReplay();
        if (longest == null) {
            return new Verdict.Undecided("no node's journal was replayed");
        }
        Findings findings = new Findings();
        CommitOrder order = CommitOrder.of(longest);
        order.judge(findings);
        judgeSequence(history.replays(), findings);
        judgeNodes(longest, history.replays(), findings);
        judgeReplicas(history.replicas(), findings);
        long scans = judgeScans(history, order, findings);
        judgeFates(history, longest, order, findings);
        return findings.verdict(longest.commits().size() + scans);
    }

    /** A whole journal begins with commit 1 and has no hole: an empty transaction is a commit too. */
    private static void judgeSequence(List<Replay> replays, Findings findings) {
        for (Replay replay : replays) {
            long expected = 1;
            for (ReplayedCommit commit : replay.commits()) {
                if (commit.commitTs().value() != expected) {
                    findings.add(
                            Anomaly.JOURNAL_GAP,
                            "the journal of %s has commit %s where %d belongs"
                                    .formatted(replay.node(), commit.commitTs(), expected));
                }
                expected = commit.commitTs().value() + 1;
            }
            if (replay.lastTs().value() != expected - 1) {
                findings.add(
                        Anomaly.JOURNAL_GAP,
                        "the journal of %s ends with commit %d and not with %s"
                                .formatted(replay.node(), expected - 1, replay.lastTs()));
            }
        }
    }

    private static void judgeNodes(Replay longest, List<Replay> replays, Findings findings) {
        Map<CommitTs, ReplayedCommit> commits = new HashMap<>();
        longest.commits().forEach(commit -> commits.put(commit.commitTs(), commit));
        for (Replay replay : replays) {
            for (ReplayedCommit commit : replay.commits()) {
                ReplayedCommit other = commits.get(commit.commitTs());
                if (!commit.equals(other)) {
                    findings.add(
                            Anomaly.REPLICAS_DIFFER,
                            "in the journal of %s\n%s\nand in the journal of %s\n%s"
                                    .formatted(
                                            replay.node(),
                                            CommitOrder.text(commit),
                                            longest.node(),
                                            other == null ? "  nothing" : CommitOrder.text(other)));
                }
            }
        }
    }

    private static void judgeReplicas(List<ReplicaSeen> replicas, Findings findings) {
        Map<CommitTs, ReplicaSeen> byCommit = new HashMap<>();
        for (ReplicaSeen seen : replicas) {
            ReplicaSeen other = byCommit.putIfAbsent(seen.commitTs(), seen);
            boolean isAlike = other == null
                    || (other.digest().equals(seen.digest()) && other.chain().equals(seen.chain()));
            if (!isAlike) {
                findings.add(Anomaly.REPLICAS_DIFFER, other + "\n" + seen);
            }
        }
    }

    private static long judgeScans(History history, CommitOrder order, Findings findings) {
        Answers answers = new Answers(order, findings);
        long scans = 0;
        for (Call call : history.calls()) {
            if (call.isOk()
                    && call.request() instanceof Request.Scan scan
                    && call.response() instanceof Response.Scanned scanned) {
                answers.judge(call, scan, scanned);
                scans++;
            }
        }
        return scans;
    }

    /** Who was told of a commit has one, who was told of none has none, and nobody else has any. */
    private static void judgeFates(History history, Replay longest, CommitOrder order, Findings findings) {
        Answers answers = new Answers(order, findings);
        Set<TxnId> attempted = new HashSet<>();
        Set<TxnId> acknowledged = new HashSet<>();
        for (Call call : history.calls()) {
            TxnId id = call.request().commits();
            CommitTs committed = CommitWindows.committedAt(call);
            if (id != null) {
                attempted.add(id);
            }
            if (id != null && committed != null) {
                acknowledged.add(id);
                answers.judgeAcknowledged(call, id, committed);
            }
        }
        for (Call call : history.calls()) {
            TxnId id = call.request().commits();
            ReplayedCommit found = id == null ? null : order.find(id);
            if (id != null && found != null && !acknowledged.contains(id) && saysNothingWasApplied(call)) {
                findings.add(Anomaly.FAILED_BUT_APPLIED, "  " + CallText.of(call) + "\n" + CommitOrder.text(found));
            }
        }
        AgentIds agents = AgentIds.of(history);
        Map<Call, ReplayedCommit> made = new HashMap<>();
        for (ReplayedCommit commit : longest.commits()) {
            Call call = agents.callOf(commit);
            ReplayedCommit other = call == null ? null : made.put(call, commit);
            if (other != null) {
                findings.add(Anomaly.DOUBLE_APPLY, CommitOrder.text(other) + "\n" + CommitOrder.text(commit));
            }
            Call refused = agents.refused(commit);
            if (refused != null && saysNothingWasApplied(refused)) {
                findings.add(Anomaly.FAILED_BUT_APPLIED, "  " + CallText.of(refused) + "\n" + CommitOrder.text(commit));
            }
            if (!attempted.contains(commit.txnId()) && !agents.explain(commit)) {
                findings.add(Anomaly.GARBAGE, "no call asked for\n" + CommitOrder.text(commit));
            }
        }
    }

    private static boolean saysNothingWasApplied(Call call) {
        boolean speaksOfAnother =
                call.response() instanceof Response.Refused refused && OF_ANOTHER_REQUEST.contains(refused.code());
        return call.outcome() == Outcome.FAIL && !speaksOfAnother;
    }
}
