package io.statehouse.cluster.simulation;

import io.statehouse.node.service.HistoryFilter;
import io.statehouse.node.service.WatchCursor;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.JournalQuery.Scope;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * One reader of the stream of commits, who takes a few at a time from whichever replica it is led to, and resumes where it
 * was. It must see every commit in its scope once, whole and in order, whatever happens to the replicas.
 */
final class SimulatedWatcher {
    private static final int TAKEN_AT_ONCE_MAX = 4;

    private final ReferenceModel model;
    private final RandomGenerator random;
    private final Scope scope;
    private CommitTs next = new CommitTs(1);

    SimulatedWatcher(ReferenceModel model, RandomGenerator random, Scope scope) {
        this.model = model;
        this.random = random;
        this.scope = scope;
    }

    /** Takes a few from a replica, which may be behind. */
    void look(SimulatedReplica replica) {
        var cursor = new WatchCursor(new ReplicaLog(replica), scope, HistoryFilter.ALL, next);
        int room = 1 + random.nextInt(TAKEN_AT_ONCE_MAX);
        int[] taken = new int[1];
        cursor.advance(commit -> {
            take(commit);
            return ++taken[0] < room;
        });
        pass(cursor.next());
    }

    /** Takes the rest from a replica that has everything. */
    void finish(SimulatedReplica replica) {
        var cursor = new WatchCursor(new ReplicaLog(replica), scope, HistoryFilter.ALL, next);
        while (!cursor.isAtEnd()) {
            cursor.advance(commit -> {
                take(commit);
                return true;
            });
        }
        pass(cursor.next());
        require(next.value() == model.latest().value() + 1, "the end of the stream", next);
    }

    private void take(CommittedTransaction commit) {
        require(!next.isAfter(commit.commitTs()), "commit " + commit.commitTs(), "came again");
        pass(commit.commitTs());
        require(commit.events().equals(expected(commit.commitTs())), "the stream at " + next, commit.events());
        next = next.next();
    }

    /** Goes on to a commit; nothing in between may have been meant for this reader. */
    private void pass(CommitTs to) {
        while (to.isAfter(next)) {
            require(expected(next).isEmpty(), "commit " + next, "was left out");
            next = next.next();
        }
    }

    private List<Event> expected(CommitTs at) {
        return model.eventsOf(at).stream()
                .filter(event -> switch (scope) {
                    case Scope.Whole whole -> true;
                    case Scope.OfNamespace of ->
                        Objects.equals(event.key().agent().namespace(), of.namespace());
                    case Scope.OfAgent of -> event.key().agent().equals(of.agent());
                })
                .toList();
    }

    private static void require(boolean holds, String what, Object found) {
        if (!holds) {
            throw new AssertionError("watch: " + what + ": " + found);
        }
    }
}
