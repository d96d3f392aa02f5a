package io.statehouse.cluster.check;

import io.statehouse.cluster.check.history.Call;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out what became of calls of unknown outcome, so that the searches need not guess.
 *
 * <p>A transaction that a replay of the journal holds was committed, at some time after its call.
 * One that it does not hold, or holds with other contents, failed if it was fenced (its id was resolved, and found without a commit), or if no call began
 * after the replay was asked for: should it commit later still, nobody was there to see it. Anything else stays unknown.
 *
 * <p>This trusts the journal only against the product: one that hides a commit makes its visible effects illegal, one that
 * invents a commit makes its missing effects illegal.
 */
public final class Resolution {
    private Resolution() {}

    /** The same history with as few unknown outcomes as can be. */
    public static History resolve(History history) {
        Map<TxnId, ReplayedCommit> committed = new HashMap<>();
        for (Replay replay : history.replays()) {
            replay.commits().forEach(commit -> committed.putIfAbsent(commit.txnId(), commit));
        }
        Set<TxnId> fenced = fenced(history);
        boolean isReplayLast = isReplayLast(history);
        List<Call> calls = history.calls().stream()
                .map(call -> {
                    TxnId id = call.request().commits();
                    if (id == null || call.outcome() != Outcome.UNKNOWN) {
                        return call;
                    }
                    ReplayedCommit commit = committed.get(id);
                    if (commit != null) {
                        return isOf(call.request(), commit)
                                ? call.resolved(Outcome.OK, answerOf(commit))
                                : call.resolved(Outcome.FAIL, null);
                    }
                    return isReplayLast || fenced.contains(id) ? call.resolved(Outcome.FAIL, null) : call;
                })
                .toList();
        return history.withCalls(calls);
    }

    /** Whether a commit under the request's id is the request's: another request may have come first under the same id. */
    private static boolean isOf(Request request, ReplayedCommit commit) {
        if (!(request instanceof Request.Commit asked)) {
            return true;
        }
        List<Event> events = commit.events();
        boolean isAlike = events.size() == asked.operations().size();
        for (int index = 0; isAlike && index < events.size(); index++) {
            isAlike = isOf(asked.operations().get(index), events.get(index));
        }
        return isAlike;
    }

    private static boolean isOf(Operation operation, Event event) {
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

    private static Response answerOf(ReplayedCommit commit) {
        List<Long> versions = commit.events().stream().map(Event::version).toList();
        return new Response.Committed(commit.commitTs(), versions, true);
    }

    private static Set<TxnId> fenced(History history) {
        Set<TxnId> fenced = new HashSet<>();
        for (Call call : history.calls()) {
            if (call.isOk()
                    && call.request() instanceof Request.Resolve resolve
                    && call.response() instanceof Response.Fate fate
                    && fate.commitTs().equals(CommitTs.ZERO)
                    && !fate.status().equals(Response.Fate.UNKNOWN)) {
                fenced.add(resolve.txnId());
            }
        }
        return fenced;
    }

    private static boolean isReplayLast(History history) {
        Replay longest = history.longestReplay();
        return longest != null && history.calls().stream().allMatch(call -> call.callNanos() <= longest.askedNanos());
    }
}
