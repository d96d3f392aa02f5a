package io.statehouse.node.service;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.JournalPage;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.state.StateView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every moment of the store that one question may look at. Must not be kept longer than the question. */
final class Past {
    private final StateMachine machine;
    private final StateView present;

    Past(StateMachine machine) {
        this.machine = machine;
        this.present = machine.view();
    }

    /** The latest moment. */
    StateView present() {
        return present;
    }

    /** The state at a moment; a {@link ServiceException} says so when there is none. */
    StateView at(ReadPoint.Moment moment) {
        return switch (moment) {
            case ReadPoint.Moment.Present now -> present;
            case ReadPoint.Moment.AtCommit at -> at(at.commitTs());
            case ReadPoint.Moment.AtWall at -> machine.viewAtWall(at.wallMillis());
        };
    }

    /** The state as of a commit; a {@link ServiceException} says so when there is none. */
    StateView at(CommitTs commitTs) {
        if (commitTs.isAfter(present.at())) {
            throw Refusals.future(commitTs, present.at());
        }
        return machine.viewAt(commitTs);
    }

    /** What one commit wrote, as far as it is in scope; null when that is nothing. */
    @Nullable
    CommittedTransaction commit(JournalQuery.Scope scope, CommitTs at) {
        List<CommittedTransaction> events =
                read(new JournalQuery(scope, at, at, false), 1, Long.MAX_VALUE).events();
        return events.isEmpty() ? null : events.get(0);
    }

    /** The oldest commit as of which what is in scope can be read. */
    CommitTs floor(JournalQuery.Scope scope) {
        return switch (scope) {
            case JournalQuery.Scope.Whole whole -> CommitTs.ZERO;
            case JournalQuery.Scope.OfNamespace of ->
                machine.retention(of.timeline(), of.namespace()).floor();
            case JournalQuery.Scope.OfAgent of ->
                machine.retention(of.agent().timeline(), of.agent().namespace()).floor();
        };
    }

    JournalPage read(JournalQuery query, int rowsMax, long bytesMax) {
        return machine.journal().read(query, rowsMax, bytesMax);
    }

    /** What the id stands for as of the latest moment; null = nothing yet. What is committed meanwhile is not seen here either. */
    @Nullable
    Reply fate(TxnId id) {
        Reply reply = machine.fate(id);
        boolean isLater = reply instanceof Reply.Committed committed
                && committed.commitTs().isAfter(present.at());
        return isLater ? null : reply;
    }

    StateMachine machine() {
        return machine;
    }
}
