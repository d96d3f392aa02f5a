package io.statehouse.statemachine.history;

import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.project.Projector;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives a store that an earlier release wrote the indexes that this release keeps, from its journal.
 *
 * <p>It runs before anybody reads the store. A process that dies meanwhile begins anew: the same rows are put again.
 */
public final class Backfill {
    private static final int COMMITS_PER_UNIT = 1_000;

    private Backfill() {}

    /** Puts what is missing; does nothing in a store that has it all. */
    public static void run(Store store) {
        byte[] applied = store.get(Table.META, AppliedCodec.key());
        if (applied == null || AppliedCodec.hasIndexes(applied)) {
            return;
        }
        boolean hasJournalIndexes = AppliedCodec.hasJournalIndexes(applied);
        @Nullable KeyRange rest = KeyRange.all();
        while (rest != null) {
            try (WriteUnit unit = new WriteUnit(store);
                    Cursor cursor = store.ascending(Table.JOURNAL, rest)) {
                rest = index(cursor, unit, hasJournalIndexes);
                if (rest == null) {
                    unit.put(Table.META, AppliedCodec.key(), AppliedCodec.encode(AppliedCodec.decode(applied)));
                }
                store.write(unit);
            }
        }
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
