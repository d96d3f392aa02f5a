package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.JournalPage;
import io.statehouse.statemachine.history.JournalQuery;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A place in a history that goes on: a replay without an end, which waits where the replay would be over.
 *
 * <p>Nothing is pushed to it. It reads the journal as a replay does, so it misses nothing and repeats nothing, and a reader
 * that is slow is slow only for itself. For one thread at a time.
 */
public final class WatchCursor {
    private final ReplicatedLog log;
    private final Range range;
    private final PageSize size;
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
        this(log, range, start, PageSize.ROWS_MAX);
    }

    /** The same with so many rows in the first page. */
    public WatchCursor(ReplicatedLog log, Range range, CommitTs start, int pageRows) {
        this.log = log;
        this.range = range;
        this.next = start;
        this.size = new PageSize(pageRows);
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

    /** Reads one page and hands on what matches, all of it. Bounded work. */
    public void advance(Consumer<CommittedTransaction> reader) {
        range.viewer.require();
        Seen seen = log.query(machine -> {
            CommitTs last = machine.view().at();
            JournalQuery query = new JournalQuery(range.scope, next, last, false);
            return new Seen(last, machine.journal().read(query, size.rows(), size.bytes()));
        });
        int matched = 0;
        for (CommittedTransaction transaction : seen.page.events()) {
            CommittedTransaction matching = range.filter.apply(transaction);
            if (matching != null) {
                reader.accept(range.viewer.shown(matching));
                matched++;
            }
        }
        size.follow(seen.page, matched, Long.MAX_VALUE);
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
