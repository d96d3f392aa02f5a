package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.project.Projector;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes a store again from the journal of another: every event through the projector into an empty one.
 *
 * <p>For a store that nobody writes to. What does not follow from events alone, kept replies, the order of deadlines and what
 * retention has come to, is carried over as it is, so that the new store can take the old one's place.
 */
public final class Rebuild {
    private static final int ROWS_PER_UNIT = 1_000;

    private final Rows original;
    private final Store made;
    private StateDigest digest = StateDigest.EMPTY;

    private Rebuild(Rows original, Store made) {
        this.original = original;
        this.made = made;
    }

    /**
     * Fills an empty store and compares it with the original.
     *
     * @throws IllegalArgumentException when the store is not empty
     */
    public static Outcome run(Rows original, Store empty) {
        if (empty.get(Table.META, AppliedCodec.key()) != null || empty.first(Table.JOURNAL, KeyRange.all()) != null) {
            throw new IllegalArgumentException("the store to rebuild into is not empty");
        }
        return new Rebuild(original, empty).run();
    }

    private Outcome run() {
        Applied applied = AppliedCodec.read(original);
        copy(Table.JOURNAL, true);
        copy(Table.LEDGER, false);
        copy(Table.REFUSALS, false);
        copy(Table.DEADLINES, false);
        copy(Table.RETENTION, false);
        copy(Table.TOKENS, false);
        digest = digest.plus(applied.trimming().trimmed());
        try (WriteUnit unit = new WriteUnit(made)) {
            // Usage is counted from rows that are compared below.
            Quotas.all(original).forEach(quota -> unit.put(Table.META, quota.key(), quota.value()));
            Applied rebuilt = applied.committed(applied.point(), applied.chainHash(), digest);
            unit.put(Table.META, AppliedCodec.key(), AppliedCodec.encode(rebuilt));
            made.write(unit);
        }
        made.flush();
        return new Outcome(applied.commitTs(), digest.equals(applied.digest()), firstDifferingTable());
    }

    private void copy(Table table, boolean isProjecting) {
        KeyRange rest = KeyRange.all();
        boolean isMore = true;
        while (isMore) {
            byte[] last = new byte[0];
            int rows = 0;
            try (WriteUnit unit = new WriteUnit(made);
                    Cursor cursor = original.ascending(table, rest)) {
                for (; rows < ROWS_PER_UNIT && cursor.advance(); rows++) {
                    last = cursor.key();
                    unit.put(table, last, cursor.value());
                    if (isProjecting) {
                        project(JournalCodec.decode(cursor.value()), last, unit);
                    }
                }
                made.write(unit);
            }
            isMore = rows == ROWS_PER_UNIT;
            rest = rest.startingAt(Arrays.copyOf(last, last.length + 1));
        }
    }

    private void project(CommittedTransaction commit, byte[] at, WriteUnit unit) {
        if (KeyCodec.number(at) != commit.commitTs().value()) {
            throw new StoreFailedException("the journal holds commit " + commit.commitTs() + " at another place");
        }
        digest = Projector.project(commit, unit, digest);
        JournalIndex.index(commit, unit);
    }

    private @Nullable Table firstDifferingTable() {
        try (WriteUnit whole = Backfill.withAllHeads(original)) {
            for (Table table : Table.values()) {
                if (table != Table.META && !isSame(table, whole)) {
                    return table;
                }
            }
        }
        return null;
    }

    private boolean isSame(Table table, Rows whole) {
        try (Cursor one = whole.ascending(table, KeyRange.all());
                Cursor other = made.ascending(table, KeyRange.all())) {
            boolean isThere = one.advance();
            while (isThere && other.advance()) {
                if (!Arrays.equals(one.key(), other.key()) || !Arrays.equals(one.value(), other.value())) {
                    return false;
                }
                isThere = one.advance();
            }
            return !isThere && !other.advance();
        }
    }

    /**
     * What a rebuild came to.
     *
     * @param at the last commit of the journal
     * @param isDigestSame whether the rows made again add up to the digest that apply kept
     * @param firstDiffering the first table that is not the same row by row; null when all are
     */
    public record Outcome(
            CommitTs at, boolean isDigestSame, @Nullable Table firstDiffering) {
        public boolean isSame() {
            return isDigestSame && firstDiffering == null;
        }
    }
}
