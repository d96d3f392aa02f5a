package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.JournalPage;
import io.statehouse.statemachine.history.JournalQuery;
import java.util.Iterator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A place in a replay. Between two looks it is two numbers: a reader that pauses holds no page, no snapshot and no iterator.
 *
 * <p>For one thread at a time.
 */
public final class HistoryCursor {
    private static final int PAGE_ROWS_MAX = 512;
    private static final long PAGE_BYTES_MAX = 256 << 10;

    private final Source source;
    private final HistoryFilter filter;
    private @Nullable JournalQuery rest;
    private long eventsLeft;

    /**
     * Where the events come from.
     *
     * @param viewer who looks
     */
    record Source(ReplicatedLog log, Viewer viewer) {}

    HistoryCursor(Source source, JournalQuery query, HistoryFilter filter, long eventsMax) {
        this.source = source;
        this.filter = filter;
        this.eventsLeft = eventsMax;
        this.rest = isEmpty(query) ? null : query;
    }

    /** Takes the events of a replay while it has room for them. */
    @FunctionalInterface
    public interface Reader {
        /** Takes one event; answers whether it has room for another. */
        boolean take(CommittedTransaction event);
    }

    public boolean isDone() {
        return rest == null || eventsLeft == 0;
    }

    /**
     * Reads one page and hands its events to the reader until that has no room; what is left of the page is forgotten and
     * read again. Bounded work.
     */
    public void advance(Reader reader) {
        JournalQuery query = rest;
        if (query == null || eventsLeft == 0) {
            return;
        }
        source.viewer.require();
        JournalPage page = source.log.query(machine -> machine.journal().read(query, PAGE_ROWS_MAX, PAGE_BYTES_MAX));
        Stream<CommittedTransaction> matching =
                page.events().stream().map(filter::apply).filter(Objects::nonNull);
        for (Iterator<CommittedTransaction> events = matching.iterator(); events.hasNext(); ) {
            CommittedTransaction event = events.next();
            boolean hasRoom = reader.take(source.viewer.shown(event));
            eventsLeft--;
            if (eventsLeft == 0 || !hasRoom) {
                rest = after(query, event.commitTs());
                return;
            }
        }
        rest = page.next() == null ? null : from(query, page.next());
    }

    private static @Nullable JournalQuery after(JournalQuery query, CommitTs passed) {
        if (query.isReverse() && passed.equals(CommitTs.ZERO)) {
            return null;
        }
        JournalQuery next = from(query, query.isReverse() ? new CommitTs(passed.value() - 1) : passed.next());
        return isEmpty(next) ? null : next;
    }

    private static JournalQuery from(JournalQuery query, CommitTs bound) {
        return query.isReverse()
                ? new JournalQuery(query.scope(), query.from(), bound, true)
                : new JournalQuery(query.scope(), bound, query.to(), false);
    }

    private static boolean isEmpty(JournalQuery query) {
        return query.from().isAfter(query.to());
    }
}
