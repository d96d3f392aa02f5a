package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.history.JournalQuery;
import java.util.concurrent.CompletableFuture;

/** Opens the past: every replay is a cursor that its reader pulls. */
public final class HistoryService {
    private final ReplicatedLog log;
    private final LimitGuard guard;
    private final StateService state;

    public HistoryService(StateService state, StateService.Node node) {
        this.log = node.log();
        this.guard = node.guard();
        this.state = state;
    }

    /**
     * A cursor over a set of events that is fixed now: what commits later is not in it. It fails when it begins below what
     * retention keeps, or is overtaken by that.
     */
    public CompletableFuture<HistoryCursor> open(Caller caller, HistoryQuery query) {
        String namespace = switch (query.scope()) {
            case JournalQuery.Scope.Whole whole -> Grant.EVERYWHERE;
            case JournalQuery.Scope.OfNamespace of -> of.namespace();
            case JournalQuery.Scope.OfAgent of -> of.agent().namespace();
        };
        check(query);
        return state.look(caller, namespace, query.point(), past -> {
            CommitTs at = past.at(query.point().moment()).at();
            CommitTs last = query.to().isAfter(at) ? at : query.to();
            CommitTs first = query.from().equals(CommitTs.ZERO) ? past.floor(query.scope()) : query.from();
            JournalQuery bounded = new JournalQuery(query.scope(), first, last, query.isReverse());
            return new HistoryCursor(
                    new HistoryCursor.Source(log, state.viewer(caller, namespace)),
                    bounded,
                    query.filter(),
                    query.limit());
        });
    }

    private void check(HistoryQuery query) {
        switch (query.scope()) {
            case JournalQuery.Scope.Whole whole -> {}
            case JournalQuery.Scope.OfNamespace of -> guard.checkNamespace(of.namespace());
            case JournalQuery.Scope.OfAgent of -> guard.check(of.agent());
        }
        guard.checkPrefix(query.filter().keyPrefix());
    }
}
