package io.statehouse.node.service;

import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets events through that match every part of it, cut down to the operations that match; empty or widest parts match all.
 *
 * @param fromWallMillis inclusive
 * @param toWallMillis inclusive
 */
public record HistoryFilter(
        String keyPrefix, Kind kind, List<Origin.Label> labels, String actor, long fromWallMillis, long toWallMillis) {
    /** Lets everything through. */
    public static final HistoryFilter ALL =
            new HistoryFilter("", Kind.ANY, List.of(), "", Long.MIN_VALUE, Long.MAX_VALUE);

    /** Which operations. */
    public enum Kind {
        ANY,
        PUTS,
        /** Those of expiries too. */
        DELETES,
        EXPIRIES
    }

    public HistoryFilter {
        labels = List.copyOf(labels);
    }

    /** The part of the transaction that matches; null when there is none. */
    @Nullable
    CommittedTransaction apply(CommittedTransaction transaction) {
        if (!matchesWhole(transaction)) {
            return null;
        }
        if (kind == Kind.ANY && keyPrefix.isEmpty()) {
            return transaction.events().isEmpty() ? null : transaction;
        }
        List<Event> events = transaction.events().stream().filter(this::matches).toList();
        if (events.isEmpty()) {
            return null;
        }
        return events.size() == transaction.events().size()
                ? transaction
                : new CommittedTransaction(
                        transaction.commitTs(),
                        transaction.wallMillis(),
                        transaction.txnId(),
                        events,
                        transaction.readSet(),
                        transaction.origin());
    }

    private boolean matchesWhole(CommittedTransaction transaction) {
        return transaction.wallMillis() >= fromWallMillis
                && transaction.wallMillis() <= toWallMillis
                && (actor.isEmpty() || actor.equals(transaction.origin().actor()))
                && transaction.origin().labels().containsAll(labels);
    }

    private boolean matches(Event event) {
        boolean isRightKind = switch (kind) {
            case ANY -> true;
            case PUTS -> event instanceof Event.EntryPut || (event instanceof Event.EntryErased gone && gone.wasPut());
            case DELETES ->
                event instanceof Event.EntryDeleted || (event instanceof Event.EntryErased gone && !gone.wasPut());
            case EXPIRIES -> event instanceof Event.EntryDeleted deleted && deleted.isExpiry();
        };
        return isRightKind && event.key().name().startsWith(keyPrefix);
    }
}
