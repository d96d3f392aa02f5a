package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.history.JournalQuery;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Opens the present as it goes on: every watch is a cursor that its reader pulls. */
public final class WatchService {
    private final ReplicatedLog log;
    private final AccessPolicy policy;
    private final LimitGuard guard;
    private final StateService state;

    public WatchService(StateService state, StateService.Node node) {
        this.log = node.log();
        this.policy = node.policy();
        this.guard = node.guard();
        this.state = state;
    }

    /**
     * A cursor from a commit on, which may lie in the future; without one, from the first commit that is not acknowledged
     * yet.
     */
    public CompletableFuture<WatchCursor> open(
            Caller caller, JournalQuery.Scope scope, HistoryFilter filter, @Nullable CommitTs start) {
        String namespace = switch (scope) {
            case JournalQuery.Scope.Whole whole -> Grant.EVERYWHERE;
            case JournalQuery.Scope.OfNamespace of -> of.namespace();
            case JournalQuery.Scope.OfAgent of -> of.agent().namespace();
        };
        Viewer viewer = new Viewer(policy, caller, namespace);
        viewer.require();
        check(scope);
        guard.checkPrefix(filter.keyPrefix());
        if (start != null) {
            return CompletableFuture.completedFuture(
                    new WatchCursor(log, new WatchCursor.Range(scope, filter, viewer), start));
        }
        return state.read(
                caller,
                namespace,
                ReadPoint.NOW,
                view -> new WatchCursor(
                        log,
                        new WatchCursor.Range(scope, filter, viewer),
                        view.at().next()));
    }

    private void check(JournalQuery.Scope scope) {
        switch (scope) {
            case JournalQuery.Scope.Whole whole -> {}
            case JournalQuery.Scope.OfNamespace of -> guard.checkNamespace(of.namespace());
            case JournalQuery.Scope.OfAgent of -> guard.check(of.agent());
        }
    }
}
