package io.statehouse.cluster.check.workload;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * C10: a staged transaction ends committed or aborted, never both, never in part, and its answers never change.
 *
 * <p>An abort that returned before any commit was called is final; an abort after a commit says nothing. What was staged and
 * acknowledged is in the commit, in order; what was staged with an unknown outcome may be.
 */
public final class StagedChecker implements Checker {
    /** Refusals of a commit after which the transaction is not and will not be applied. */
    private static final Set<String> FINAL =
            Set.of("TXN_NOT_FOUND", "TXN_EXPIRED", "TXN_LOST", "TXN_ABORTED", "CONFLICT", "LIMIT_EXCEEDED");

    @Override
    public String name() {
        return "staged";
    }

    /** Everything one staged transaction was asked and told. */
    private static final class Staging {
        private final List<Call> stages = new ArrayList<>();
        private final List<Call> commits = new ArrayList<>();
        private final List<Call> aborts = new ArrayList<>();

        private @Nullable Call committed() {
            return commits.stream().filter(Call::isOk).findFirst().orElse(null);
        }
    }

    @Override
    public Verdict check(History history) {
        Map<TxnId, Staging> stagings = new LinkedHashMap<>();
        for (Call call : history.calls()) {
            if (call.request() instanceof Request.Stage stage) {
                of(stage.txnId(), stagings).stages.add(call);
            } else if (call.request() instanceof Request.CommitStaged commit) {
                of(commit.txnId(), stagings).commits.add(call);
            } else if (call.request() instanceof Request.Abort abort) {
                of(abort.txnId(), stagings).aborts.add(call);
            }
        }
        Replay longest = history.longestReplay();
        Map<TxnId, ReplayedCommit> journal = new HashMap<>();
        if (longest != null) {
            longest.commits().forEach(commit -> journal.put(commit.txnId(), commit));
        }
        Findings findings = new Findings();
        stagings.forEach((id, staging) -> {
            judgeAnswers(staging, findings);
            ReplayedCommit applied = journal.get(id);
            if (applied != null) {
                judgeApplied(staging, applied, findings);
            } else if (longest != null) {
                judgeNotApplied(staging, longest.lastTs(), findings);
            }
        });
        return findings.verdict(stagings.size());
    }

    private static Staging of(TxnId id, Map<TxnId, Staging> stagings) {
        return stagings.computeIfAbsent(id, unused -> new Staging());
    }

    private static void judgeAnswers(Staging staging, Findings findings) {
        Call committed = staging.committed();
        if (committed == null) {
            return;
        }
        for (Call commit : staging.commits) {
            boolean isOther = commit.isOk() && !commitTs(commit).equals(commitTs(committed));
            if (isOther) {
                findings.add(Anomaly.ANSWERS_DIFFER, text(committed, commit));
            }
            if (isFinalRefusal(commit)) {
                findings.add(Anomaly.TWO_FATES, text(committed, commit));
            }
        }
        Call abort = abortBeforeAnyCommit(staging);
        if (abort != null) {
            findings.add(Anomaly.TWO_FATES, text(abort, committed));
        }
    }

    private static void judgeApplied(Staging staging, ReplayedCommit applied, Findings findings) {
        Call committed = staging.committed();
        if (committed != null && !commitTs(committed).equals(applied.commitTs())) {
            findings.add(Anomaly.ANSWERS_DIFFER, text(committed) + "\n  applied at commit_ts " + applied.commitTs());
        }
        if (staging.commits.isEmpty()) {
            findings.add(Anomaly.GARBAGE, "applied though nobody committed it:\n  " + applied);
        }
        for (Call commit : staging.commits) {
            if (isFinalRefusal(commit)) {
                findings.add(Anomaly.FAILED_BUT_APPLIED, text(commit) + "\n  " + applied);
            }
        }
        Call abort = abortBeforeAnyCommit(staging);
        if (abort != null) {
            findings.add(Anomaly.TWO_FATES, text(abort) + "\n  " + applied);
        }
        if (!isWhole(staging, applied.events())) {
            findings.add(Anomaly.STAGED_PARTIAL, CallText.of(staging.stages) + "\n  applied as " + applied);
        }
    }

    private static void judgeNotApplied(Staging staging, CommitTs lastTs, Findings findings) {
        Call committed = staging.committed();
        if (committed != null && !commitTs(committed).isAfter(lastTs)) {
            findings.add(Anomaly.LOST_WRITE, text(committed));
        }
    }

    /**
     * Whether the events are the staged operations in order. One of unknown outcome may be missing, or come after others: its
     * caller went on, and it arrived later.
     */
    private static boolean isWhole(Staging staging, List<Event> events) {
        List<Call> late = new ArrayList<>();
        Iterator<Event> left = events.iterator();
        Event next = next(left);
        for (Call call : staging.stages) {
            if (!call.isOk()) {
                late.add(call);
                continue;
            }
            while (next != null && !isEventOf(call, next)) {
                if (!takeLate(late, next)) {
                    return false;
                }
                next = next(left);
            }
            if (next == null) {
                return false;
            }
            next = next(left);
        }
        while (next != null && takeLate(late, next)) {
            next = next(left);
        }
        return next == null;
    }

    private static @Nullable Event next(Iterator<Event> events) {
        return events.hasNext() ? events.next() : null;
    }

    /** Whether an event is that of a call of unknown outcome, each of which has one at most. */
    private static boolean takeLate(List<Call> late, Event event) {
        for (Iterator<Call> calls = late.iterator(); calls.hasNext(); ) {
            Call call = calls.next();
            if (call.outcome() != Outcome.FAIL && isEventOf(call, event)) {
                calls.remove();
                return true;
            }
        }
        return false;
    }

    private static boolean isEventOf(Call call, Event event) {
        return call.request() instanceof Request.Stage stage && isEventOf(stage.operation(), event);
    }

    private static boolean isEventOf(Operation operation, Event event) {
        return switch (operation) {
            case Operation.Put put ->
                event instanceof Event.EntryPut made
                        && made.key().equals(put.key())
                        && made.value().equals(put.value());
            case Operation.Append append -> throw Request.unknown(append);
            case Operation.Edit edit -> throw Request.unknown(edit);
            case Operation.Delete delete ->
                event instanceof Event.EntryDeleted made && made.key().equals(delete.key());
        };
    }

    /** An abort that had returned before the first commit was called. */
    private static @Nullable Call abortBeforeAnyCommit(Staging staging) {
        return staging.aborts.stream()
                .filter(Call::isOk)
                .filter(abort -> staging.commits.stream().allMatch(abort::isBefore))
                .findFirst()
                .orElse(null);
    }

    private static boolean isFinalRefusal(Call commit) {
        return commit.outcome() == Outcome.FAIL
                && (commit.response() instanceof Response.Conflict
                        || (commit.response() instanceof Response.Refused refused && FINAL.contains(refused.code())));
    }

    private static CommitTs commitTs(Call commit) {
        return commit.response() instanceof Response.Committed committed ? committed.commitTs() : CommitTs.ZERO;
    }

    private static String text(Call... calls) {
        return CallText.of(List.of(calls));
    }
}
