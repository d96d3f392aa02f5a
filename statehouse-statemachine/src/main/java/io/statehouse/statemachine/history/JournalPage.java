package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.event.CommittedTransaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some events of a query.
 *
 * @param next the bound (from, or to when reversed) with which the query goes on; null when it is finished
 */
public record JournalPage(
        List<CommittedTransaction> events, @Nullable CommitTs next) {
    public JournalPage {
        events = List.copyOf(events);
    }
}
