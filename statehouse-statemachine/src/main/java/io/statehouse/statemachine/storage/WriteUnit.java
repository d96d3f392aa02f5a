package io.statehouse.statemachine.storage;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows that will be written together or not at all, readable before they are.
 *
 * <p>Each table has an ordered overlay; reading looks into the overlay first and into the store beneath. For one thread.
 */
public final class WriteUnit implements Rows, AutoCloseable {
    /** Stands in the overlay for a row that will be gone; compared by identity. */
    private static final byte[] DELETED = new byte[0];

    private static final NavigableMap<byte[], byte[]> NOTHING_PENDING =
            Collections.unmodifiableNavigableMap(new TreeMap<>(Arrays::compareUnsigned));

    private final Rows store;
    private final Map<Table, TreeMap<byte[], byte[]>> overlays = new EnumMap<>(Table.class);
    private final Map<Table, Cursor> seekers = new EnumMap<>(Table.class);
    private int rowCount;

    /** @param store what lies beneath until this unit is written to it */
    public WriteUnit(Rows store) {
        this.store = store;
    }

    /** Puts a row. The arrays are kept, not copied; do not change them. */
    public void put(Table table, byte[] key, byte[] value) {
        stage(table, key, value);
    }

    public void delete(Table table, byte[] key) {
        stage(table, key, DELETED);
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        TreeMap<byte[], byte[]> overlay = overlays.get(table);
        byte[] pending = overlay == null ? null : overlay.get(key);
        if (pending == null) {
            return store.get(table, key);
        }
        return isDeleted(pending) ? null : pending;
    }

    @Override
    public @Nullable Row first(Table table, KeyRange range) {
        Row beneath = firstBeneath(table, range);
        TreeMap<byte[], byte[]> overlay = overlays.get(table);
        Map.Entry<byte[], byte[]> pending = overlay == null ? null : overlay.ceilingEntry(range.from());
        if (pending == null || range.isBeyond(pending.getKey())) {
            return beneath;
        }
        if (beneath != null && Arrays.compareUnsigned(beneath.key(), pending.getKey()) < 0) {
            return beneath;
        }
        return isDeleted(pending.getValue())
                ? firstNotDeleted(table, range)
                : new Row(pending.getKey(), pending.getValue());
    }

    private @Nullable Row firstNotDeleted(Table table, KeyRange range) {
        try (Cursor merged = ascending(table, range)) {
            return merged.advance() ? new Row(merged.key(), merged.value()) : null;
        }
    }

    private @Nullable Row firstBeneath(Table table, KeyRange range) {
        // Opening an iterator costs more than moving one, and a unit asks the same table again and again.
        Cursor seeker = seekers.computeIfAbsent(table, t -> store.ascending(t, KeyRange.all()));
        seeker.seek(range.from());
        return seeker.advance() && !range.isBeyond(seeker.key()) ? new Row(seeker.key(), seeker.value()) : null;
    }

    @Override
    public Cursor ascending(Table table, KeyRange range) {
        return new MergedCursor(this, table, range, store.ascending(table, range));
    }

    /** How many rows this unit puts or deletes. */
    public int rowCount() {
        return rowCount;
    }

    /** Hands every row to a writer, table by table in the order of the enum, keys ascending. */
    public void replay(Writer writer) {
        overlays.forEach((table, overlay) -> replay(table, overlay, writer));
    }

    private static void replay(Table table, Map<byte[], byte[]> rows, Writer writer) {
        rows.forEach((key, value) -> {
            if (isDeleted(value)) {
                writer.delete(table, key);
            } else {
                writer.put(table, key, value);
            }
        });
    }

    /** Takes a table's rows out of this unit and hands them to a writer, keys ascending. */
    public void take(Table table, Writer writer) {
        TreeMap<byte[], byte[]> taken = overlays.remove(table);
        if (taken != null) {
            rowCount -= taken.size();
            replay(table, taken, writer);
        }
    }

    @Override
    public void close() {
        seekers.values().forEach(Cursor::close);
        seekers.clear();
    }

    private void stage(Table table, byte[] key, byte[] value) {
        byte[] before = overlays.computeIfAbsent(table, t -> new TreeMap<>(Arrays::compareUnsigned))
                .put(key, value);
        if (before == null) {
            rowCount++;
        }
    }

    private NavigableMap<byte[], byte[]> pendingFrom(Table table, byte[] key) {
        TreeMap<byte[], byte[]> overlay = overlays.get(table);
        return overlay == null ? NOTHING_PENDING : overlay.tailMap(key, true);
    }

    @SuppressWarnings("ReferenceEquality") // an empty value is a value; only this very array says deleted
    private static boolean isDeleted(byte[] value) {
        return value == DELETED;
    }

    /** Where the rows of a unit go when it is written. */
    public interface Writer {
        void put(Table table, byte[] key, byte[] value);

        void delete(Table table, byte[] key);
    }

    /** The overlay and the store beneath as one; where both have a key, the overlay's row counts. */
    private static final class MergedCursor implements Cursor {
        private final WriteUnit unit;
        private final Table table;
        private final KeyRange range;
        private final Cursor beneath;
        private Iterator<Map.Entry<byte[], byte[]>> pending = Collections.emptyIterator();
        private Map.@Nullable Entry<byte[], byte[]> nextPending;
        private boolean hasBeneath;

        /** Whoever will seek does not pay for a way to the start of the range. */
        private boolean isUnused = true;

        private Row current = new Row(new byte[0], new byte[0]);

        MergedCursor(WriteUnit unit, Table table, KeyRange range, Cursor beneath) {
            this.unit = unit;
            this.table = table;
            this.range = range;
            this.beneath = beneath;
        }

        @Override
        public void seek(byte[] key) {
            byte[] from = range.isBefore(key) ? range.from() : key;
            isUnused = false;
            pending = unit.pendingFrom(table, from).entrySet().iterator();
            nextPending = takePending();
            beneath.seek(from);
            hasBeneath = beneath.advance();
        }

        @Override
        public boolean advance() {
            if (isUnused) {
                seek(range.from());
            }
            while (nextPending != null || hasBeneath) {
                current = takeNext();
                if (!isDeleted(current.value())) {
                    return true;
                }
            }
            return false;
        }

        private Row takeNext() {
            int order = nextPending == null
                    ? 1
                    : hasBeneath ? Arrays.compareUnsigned(nextPending.getKey(), beneath.key()) : -1;
            if (nextPending == null || order > 0) {
                Row row = new Row(beneath.key(), beneath.value());
                hasBeneath = beneath.advance();
                return row;
            }
            if (order == 0) {
                hasBeneath = beneath.advance();
            }
            Row row = new Row(nextPending.getKey(), nextPending.getValue());
            nextPending = takePending();
            return row;
        }

        private Map.@Nullable Entry<byte[], byte[]> takePending() {
            if (!pending.hasNext()) {
                return null;
            }
            Map.Entry<byte[], byte[]> entry = pending.next();
            return range.isBeyond(entry.getKey()) ? null : entry;
        }

        @Override
        public byte[] key() {
            return current.key();
        }

        @Override
        public byte[] value() {
            return current.value();
        }

        @Override
        public void close() {
            beneath.close();
        }
    }
}
