package io.statehouse.node.service;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.state.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lists the versions of a key with who made them, newest first. */
public final class VersionService {
    /** The most versions of one page. */
    public static final int PAGE_SIZE_MAX = 1_000;

    private final StateService state;
    private final LimitGuard guard;
    private final long pageBytesMax;

    /** @param pageBytesMax a page ends with the version that passes this many bytes of values */
    public VersionService(StateService state, StateService.Node node, long pageBytesMax) {
        this.state = state;
        this.guard = node.guard();
        this.pageBytesMax = pageBytesMax;
    }

    /**
     * Which versions to list.
     *
     * @param newest the version to begin with; larger than any = the newest
     * @param versionsMax at most this many
     */
    public record Query(Key key, ReadPoint point, long newest, int versionsMax) {}

    /** A version and what is known of the transaction that made it. */
    public record Made(Entry entry, Origin origin) {}

    /**
     * Some versions, newest first.
     *
     * @param at the commit that all pages of the listing look at
     * @param next the version with which the next page begins; 0 = there is none
     */
    public record Versions(List<Made> versions, CommitTs at, long next) {
        public Versions {
            versions = List.copyOf(versions);
        }
    }

    /** A page of versions of a key. */
    public CompletableFuture<Versions> list(Caller caller, Query query) {
        guard.check(query.key());
        if (query.versionsMax() > PAGE_SIZE_MAX) {
            throw Refusals.limitExceeded("page_size", PAGE_SIZE_MAX, query.versionsMax());
        }
        String namespace = query.key().agent().namespace();
        return state.look(caller, namespace, query.point(), past -> list(past, query));
    }

    private Versions list(Past past, Query query) {
        var view = past.at(query.point().moment());
        List<Entry> entries = view.versions(query.key(), query.newest(), query.versionsMax(), pageBytesMax);
        List<Made> made = new ArrayList<>(entries.size());
        @Nullable CommittedTransaction commit = null;
        for (Entry entry : entries) {
            if (commit == null || !commit.commitTs().equals(entry.commitTs())) {
                commit = past.commit(new JournalQuery.Scope.Whole(), entry.commitTs());
            }
            made.add(new Made(entry, commit == null ? Origin.NONE : commit.origin()));
        }
        // Versions are counted from 1 without gaps: below the last one shown there is one, or retention has let it go
        // and the
        // next page is empty, or it was the first.
        long next = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).version() - 1;
        return new Versions(made, view.at(), next);
    }
}
