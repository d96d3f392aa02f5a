package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.project.Projector;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives a store the rows that it lacks, from its journal: the heads that were in memory when its process died, and the indexes
 * that the release which wrote it did not keep.
 *
 * <p>It runs before anybody reads the store. A process that dies meanwhile begins anew: the same rows are put again.
 */
public final class Backfill {
    private static final int COMMITS_PER_UNIT = 1_000;

    private Backfill() {}

    /** Puts what is missing; does nothing in a store that has it all. */
    public static void run(Store store) {
        byte[] applied = store.get(Table.META, AppliedCodec.key());
        CommitTs headsUpTo = AppliedCodec.headsUpTo(store);
        if (applied == null || (AppliedCodec.hasIndexes(applied) && headsUpTo == null)) {
            return;
        }
        // Before anything is written: a store of a later release is refused here.
        Applied now = AppliedCodec.decode(applied);
        boolean hasJournalIndexes = AppliedCodec.hasJournalIndexes(applied);
        @Nullable KeyRange rest = after(complete(applied, headsUpTo));
        while (rest != null) {
            try (WriteUnit unit = new WriteUnit(store);
                    Cursor cursor = store.ascending(Table.JOURNAL, rest)) {
                rest = index(cursor, unit, hasJournalIndexes);
                if (rest == null) {
                    unit.put(Table.META, AppliedCodec.key(), AppliedCodec.encode(now));
                    unit.delete(Table.META, AppliedCodec.headsKey());
                }
                store.write(unit);
            }
        }
    }

    /**
     * What to read in place of a store that nobody writes to: it lacks no head. Must be closed, and never written.
     *
     * @param rows of a store that this release wrote
     */
    public static WriteUnit withAllHeads(Rows rows) {
        WriteUnit unit = new WriteUnit(rows);
        CommitTs headsUpTo = AppliedCodec.headsUpTo(rows);
        if (headsUpTo != null) {
            try (Cursor cursor = rows.ascending(Table.JOURNAL, after(headsUpTo))) {
                while (cursor.advance()) {
                    Projector.projectHeads(JournalCodec.decode(cursor.value()), unit);
                }
            }
        }
        return unit;
    }

    /** The last commit of which the store has all rows. */
    private static CommitTs complete(byte[] applied, @Nullable CommitTs headsUpTo) {
        if (AppliedCodec.hasAllHeads(applied)) {
            return AppliedCodec.decode(applied).commitTs();
        }
        return AppliedCodec.hasIndexes(applied) && headsUpTo != null ? headsUpTo : CommitTs.ZERO;
    }

    private static KeyRange after(CommitTs at) {
        return KeyRange.all().startingAt(KeyCodec.ofNumber(at.next().value()));
    }

    private static @Nullable KeyRange index(Cursor cursor, WriteUnit unit, boolean hasJournalIndexes) {
        for (int commits = 0; commits < COMMITS_PER_UNIT; commits++) {
            if (!cursor.advance()) {
                return null;
            }
            CommittedTransaction commit = JournalCodec.decode(cursor.value());
            if (!hasJournalIndexes) {
                JournalIndex.index(commit, unit);
            }
            Projector.projectHeads(commit, unit);
        }
        return KeyRange.all().startingAt(Arrays.copyOf(cursor.key(), cursor.key().length + 1));
    }
}
