package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Snapshot;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.StoreFigures;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A store that has the heads of the keys written last in memory and puts them into their table later, so that a key that is
 * written again and again meanwhile has one row for all of that.
 *
 * <p>Heads follow from the journal, so none is lost in a crash: every unit says from which commit on heads are missing in the
 * table, and {@link io.statehouse.statemachine.history.Backfill} puts them there before the store is used again. How much
 * that may be is bounded here. Closing leaves none.
 */
public final class RecentHeads implements Store {
    /** About what a row takes in memory beside its bytes. */
    private static final int BYTES_PER_ROW = 150;

    private final Store store;
    private final Bounds bounds;

    /**
     * Heads that may be missing in the table. Guarded by its own monitor: read by any thread. One of a commit that nobody may read
     * yet is passed over.
     */
    private final Map<RowKey, byte[]> recent = new HashMap<>();

    /** The writer's, the oldest first. */
    private final Deque<Held> held = new ArrayDeque<>();

    private int rows;
    private long bytes;
    private CommitTs last;
    private boolean isLagStored;
    private boolean isWriting;

    /**
     * How much may be missing in the table.
     *
     * @param commitsMax commits to go through again after a crash
     * @param rowsMax rows of the table
     * @param bytesMax about how much memory they take
     */
    public record Bounds(long commitsMax, int rowsMax, long bytesMax) {
        public static final Bounds DEFAULT = new Bounds(1 << 15, 1 << 16, 16L << 20);

        /** Every head is in the table with the version it names. */
        public static final Bounds NOTHING = new Bounds(0, 0, 0);
    }

    /**
     * @param store whose table lacks no head
     * @param last the last commit in it
     */
    public RecentHeads(Store store, CommitTs last, Bounds bounds) {
        this.store = store;
        this.last = last;
        this.bounds = bounds;
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        byte[] head = table == Table.HEADS ? recent(new RowKey(key)) : null;
        return head == null ? store.get(table, key) : head;
    }

    private byte @Nullable [] recent(RowKey key) {
        synchronized (recent) {
            return recent.get(key);
        }
    }

    @Override
    public void write(WriteUnit unit) {
        isWriting = true;
        hold(unit);
        List<Held> settled = new ArrayList<>();
        while (!held.isEmpty() && isTooMuch()) {
            settled.add(settleOldest(unit));
        }
        storeLag(unit);
        store.write(unit);
        settled.forEach(this::forget);
        isWriting = false;
    }

    private void hold(WriteUnit unit) {
        Held taken = new Held(last);
        last = AppliedCodec.read(unit).commitTs();
        unit.take(Table.HEADS, taken);
        if (!taken.rows.isEmpty()) {
            held.addLast(taken);
            rows += taken.rows.size();
            bytes += taken.bytes;
            synchronized (recent) {
                taken.rows.forEach(row -> recent.put(row.key, row.head));
            }
        }
    }

    private boolean isTooMuch() {
        return rows > bounds.rowsMax
                || bytes > bounds.bytesMax
                || last.value() - held.getFirst().before.value() > bounds.commitsMax;
    }

    /** Puts the heads of the oldest unit into the one to be written, but for those that a later unit has moved on. */
    private Held settleOldest(WriteUnit unit) {
        Held oldest = held.removeFirst();
        for (HeldRow row : oldest.rows) {
            if (isStillTheHead(row)) {
                unit.put(Table.HEADS, row.key.bytes, row.head);
            }
        }
        rows -= oldest.rows.size();
        bytes -= oldest.bytes;
        return oldest;
    }

    @SuppressWarnings("ReferenceEquality") // the row that this unit brought, and not one that says the same
    private boolean isStillTheHead(HeldRow row) {
        return recent(row.key) == row.head;
    }

    /** After they were written: before, nobody would find them. */
    private void forget(Held settled) {
        synchronized (recent) {
            for (HeldRow row : settled.rows) {
                // Removes nothing where a later unit has put another array.
                recent.remove(row.key, row.head);
            }
        }
    }

    private void storeLag(WriteUnit unit) {
        if (!held.isEmpty()) {
            unit.put(
                    Table.META,
                    AppliedCodec.headsKey(),
                    KeyCodec.ofNumber(held.getFirst().before.value()));
            isLagStored = true;
        } else if (isLagStored) {
            unit.delete(Table.META, AppliedCodec.headsKey());
            isLagStored = false;
        }
    }

    /** Heads that a unit brought. */
    private static final class Held implements WriteUnit.Writer {
        private final List<HeldRow> rows = new ArrayList<>();
        private final CommitTs before;
        private long bytes;

        /** @param before the last commit that is not in the unit */
        Held(CommitTs before) {
            this.before = before;
        }

        @Override
        public void put(Table table, byte[] key, byte[] head) {
            rows.add(new HeldRow(new RowKey(key), head));
            bytes += BYTES_PER_ROW + key.length + head.length;
        }

        @Override
        public void delete(Table table, byte[] key) {
            throw new IllegalArgumentException("a key that was written once always has a head");
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by identity only
    private record HeldRow(RowKey key, byte[] head) {}

    /** The key of a row, compared by its bytes. */
    private static final class RowKey {
        private final byte[] bytes;
        private final int hash;

        RowKey(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof RowKey key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    @Override
    public @Nullable Row first(Table table, KeyRange range) {
        return store.first(ordered(table), range);
    }

    @Override
    public Cursor ascending(Table table, KeyRange range) {
        return store.ascending(ordered(table), range);
    }

    @Override
    public Cursor descending(Table table, KeyRange range) {
        return store.descending(ordered(table), range);
    }

    private static Table ordered(Table table) {
        if (table == Table.HEADS) {
            throw new IllegalArgumentException("heads are looked up, one key at a time; their table may lack some");
        }
        return table;
    }

    /** The tables alone: {@link AppliedCodec#headsUpTo} says of them how many heads they lack. */
    @Override
    public Snapshot snapshot() {
        return store.snapshot();
    }

    @Override
    public void requireHealthy() {
        store.requireHealthy();
    }

    @Override
    public StoreFigures figures() {
        return store.figures();
    }

    @Override
    public boolean flush() {
        return store.flush();
    }

    /** A copy of the tables alone. */
    @Override
    public void checkpoint(Path directory) {
        store.checkpoint(directory);
    }

    @Override
    public void close() {
        try {
            // After a unit that failed nobody knows which heads are true; the journal will tell.
            if (!held.isEmpty() && !isWriting) {
                settleAll();
            }
        } finally {
            store.close();
        }
    }

    private void settleAll() {
        try (WriteUnit unit = new WriteUnit(store)) {
            while (!held.isEmpty()) {
                var unused = settleOldest(unit);
            }
            storeLag(unit);
            store.write(unit);
        }
    }
}
