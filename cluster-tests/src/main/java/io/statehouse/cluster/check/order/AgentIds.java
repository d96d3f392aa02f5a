package io.statehouse.cluster.check.order;

import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.statemachine.event.Event;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commits that calls of the agent layer made, by their ids.
 *
 * <p>A decision that is taken anew is committed under its call's id and a number; what those calls left to expire goes by commits of
 * the log itself.
 */
record AgentIds(Map<String, Call> calls) {
    private static final char ANEW = '#';
    private static final String EXPIRY = "expiry-";

    static AgentIds of(History history) {
        Map<String, Call> calls = new HashMap<>();
        for (Call call : history.calls()) {
            if (call.request() instanceof Request.Execute execute) {
                calls.put(execute.txnId().value(), call);
            }
        }
        return new AgentIds(calls);
    }

    /** Whether a commit is one that a call asked for, or the end of what a call wrote for a time. */
    boolean explain(ReplayedCommit commit) {
        boolean isExpiry = commit.txnId().value().equals(EXPIRY + commit.commitTs())
                && commit.events().stream().allMatch(AgentIds::endsWhatAnAgentWrote);
        return callOf(commit) != null || (isExpiry && !calls.isEmpty());
    }

    /** The layer keeps its documents under agents of its own. */
    private static boolean endsWhatAnAgentWrote(Event event) {
        return event instanceof Event.EntryDeleted && event.key().agent().id().startsWith("@");
    }

    /** The call that was refused and made this commit all the same; null = there is none. */
    @Nullable
    Call refused(ReplayedCommit commit) {
        Call call = callOf(commit);
        return call == null || call.outcome() != Outcome.FAIL ? null : call;
    }

    /** The call that made a commit; null = none. The calls that are judged commit once at most. */
    @Nullable
    Call callOf(ReplayedCommit commit) {
        String id = commit.txnId().value();
        int end = id.indexOf(ANEW);
        return calls.get(end < 0 ? id : id.substring(0, end));
    }
}
