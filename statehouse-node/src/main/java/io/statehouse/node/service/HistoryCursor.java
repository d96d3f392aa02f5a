package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.JournalPage;
import io.statehouse.statemachine.history.JournalQuery;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A place in a replay. Between two looks it is a few numbers: a reader that pauses holds no page, no snapshot and no iterator.
 *
 * <p>For one thread at a time.
 */
public final class HistoryCursor {
    private final Source source;
    private final HistoryFilter filter;
    private @Nullable JournalQuery rest;
    private long eventsLeft;

    /** Who asks for the last ten events does not wait for hundreds. */
    private final PageSize size;

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
        this.size = new PageSize(Math.clamp(eventsMax, 1, PageSize.ROWS_MAX));
        this.rest = query.from().isAfter(query.to()) ? null : query;
    }

    public boolean isDone() {
        return rest == null || eventsLeft == 0;
    }

    /** Reads one page and hands its events to the reader, all of them. Bounded work. */
    public void advance(Consumer<CommittedTransaction> reader) {
        JournalQuery query = rest;
        if (query == null || eventsLeft == 0) {
            return;
        }
        source.viewer.require();
        JournalPage page = source.log.query(machine -> machine.journal().read(query, size.rows(), size.bytes()));
        int matched = 0;
        for (CommittedTransaction event : page.events()) {
            CommittedTransaction matching = filter.apply(event);
            if (matching != null && eventsLeft > 0) {
                reader.accept(source.viewer.shown(matching));
                eventsLeft--;
                matched++;
            }
        }
        rest = page.next() == null ? null : from(query, page.next());
        size.follow(page, matched, eventsLeft);
    }

    private static JournalQuery from(JournalQuery query, CommitTs bound) {
        return query.isReverse()
                ? new JournalQuery(query.scope(), query.from(), bound, true)
                : new JournalQuery(query.scope(), bound, query.to(), false);
    }
}
