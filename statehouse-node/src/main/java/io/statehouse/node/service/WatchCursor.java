package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.JournalPage;
import io.statehouse.statemachine.history.JournalQuery;
import java.util.concurrent.CompletableFuture;

/**
 * A place in a history that goes on: a replay without an end, which waits where the replay would be over.
 *
 * <p>Nothing is pushed to it. It reads the journal as a replay does, so it misses nothing and repeats nothing, and a reader
 * that is slow is slow only for itself. For one thread at a time.
 */
public final class WatchCursor {
    private static final int PAGE_ROWS_MAX = 512;
    private static final long PAGE_BYTES_MAX = 256 << 10;

    private final ReplicatedLog log;
    private final Range range;
    private CommitTs next;
    private boolean isAtEnd;

    /**
     * What is looked at.
     *
     * @param viewer who looks
     */
    public record Range(JournalQuery.Scope scope, HistoryFilter filter, Viewer viewer) {}

    /** A cursor that begins at a commit, which may lie in the future. */
    public WatchCursor(ReplicatedLog log, Range range, CommitTs start) {
        this.log = log;
        this.range = range;
        this.next = start;
    }

    /** The first commit that has not been looked at: where to resume. */
    public CommitTs next() {
        return next;
    }

    /** Whether everything that has happened here was looked at, as far as the last {@link #advance} could see. */
    public boolean isAtEnd() {
        return isAtEnd;
    }

    /** Whether this node knows a leader: one that was cut off stands still, and nobody there would find out. */
    public boolean isInTouch() {
        return log.cluster().leader() != null;
    }

    /** Completes when there is something new to look at; cancelling it frees the wait. */
    public CompletableFuture<Void> awaitNext() {
        return log.awaitApplied(next);
    }

    /** Reads one page and hands on what matches, until the reader has no room. Bounded work. */
    public void advance(HistoryCursor.Reader reader) {
        range.viewer.require();
        Seen seen = log.query(machine -> {
            CommitTs last = machine.view().at();
            JournalQuery query = new JournalQuery(range.scope, next, last, false);
            return new Seen(last, machine.journal().read(query, PAGE_ROWS_MAX, PAGE_BYTES_MAX));
        });
        for (CommittedTransaction transaction : seen.page.events()) {
            CommittedTransaction matching = range.filter.apply(transaction);
            if (matching != null && !reader.take(range.viewer.shown(matching))) {
                next = transaction.commitTs().next();
                isAtEnd = false;
                return;
            }
        }
        CommitTs goesOn = seen.page.next();
        isAtEnd = goesOn == null;
        if (goesOn != null) {
            next = goesOn;
        } else if (!next.isAfter(seen.last)) {
            next = seen.last.next();
        }
    }

    private record Seen(CommitTs last, JournalPage page) {}
}
