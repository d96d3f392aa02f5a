package io.statehouse.cluster.simulation;

import io.statehouse.node.service.HistoryFilter;
import io.statehouse.node.service.Viewer;
import io.statehouse.node.service.WatchCursor;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.CompactedException;
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
    private boolean isOvertaken;

    SimulatedWatcher(ReferenceModel model, RandomGenerator random, Scope scope) {
        this.model = model;
        this.random = random;
        this.scope = scope;
    }

    /** Takes a few from a replica, which may be behind. */
    void look(SimulatedReplica replica) {
        var cursor = cursor(replica);
        try {
            cursor.advance(commit -> take(replica, commit));
            pass(cursor.next());
        } catch (CompactedException e) {
            beginAgain(e);
        }
    }

    private WatchCursor cursor(SimulatedReplica replica) {
        int pageRows = 1 + random.nextInt(TAKEN_AT_ONCE_MAX);
        return new WatchCursor(new ReplicaLog(replica), range(), next, pageRows);
    }

    /** Retention has come past this reader: it is told so, and nothing else, and goes on with what is kept. */
    private void beginAgain(CompactedException told) {
        require(told.oldest().isAfter(next), "told of a floor", told.oldest());
        next = told.oldest();
        isOvertaken = true;
    }

    boolean isOvertaken() {
        return isOvertaken;
    }

    /** Takes the rest from a replica that has everything. */
    void finish(SimulatedReplica replica) {
        var cursor = cursor(replica);
        while (!cursor.isAtEnd()) {
            try {
                cursor.advance(commit -> take(replica, commit));
            } catch (CompactedException e) {
                beginAgain(e);
                cursor = cursor(replica);
            }
        }
        pass(cursor.next());
        require(next.value() == model.latest().value() + 1, "the end of the stream", next);
    }

    private void take(SimulatedReplica replica, CommittedTransaction commit) {
        require(!next.isAfter(commit.commitTs()), "commit " + commit.commitTs(), "came again");
        pass(commit.commitTs());
        List<Event> expected = expected(commit.commitTs());
        require(commit.events().size() == expected.size(), "the stream at " + next, commit.events());
        for (int i = 0; i < expected.size(); i++) {
            Event found = commit.events().get(i);
            boolean isSaidToBeGone =
                    found instanceof Event.EntryErased && isGone(replica, commit.commitTs(), found, expected.get(i));
            require(isSaidToBeGone || found.equals(expected.get(i)), "the stream at " + next, found);
        }
        next = next.next();
    }

    /** Only the whole journal shows what is gone, and only below a floor. */
    private boolean isGone(SimulatedReplica replica, CommitTs at, Event found, Event expected) {
        var agent = found.key().agent();
        CommitTs floor =
                replica.state().retention(agent.timeline(), agent.namespace()).floor();
        return scope instanceof Scope.Whole
                && floor.isAfter(at)
                && found.key().equals(expected.key())
                && found.version() == expected.version();
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

    private WatchCursor.Range range() {
        return new WatchCursor.Range(scope, HistoryFilter.ALL, Viewer.OF_ALL);
    }
}
