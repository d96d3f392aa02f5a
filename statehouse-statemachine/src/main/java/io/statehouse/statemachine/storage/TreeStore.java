package io.statehouse.statemachine.storage;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The store in memory: the in-memory mode, the model RocksDB is compared with, and the engine of fast seeded tests.
 *
 * <p>The monitor of this object guards the trees: a unit goes in as a whole, and a cursor finds its next row under it,
 * from the key it stands on, so that it survives whatever was written in between.
 */
public final class TreeStore implements Store {
    private final Map<Table, NavigableMap<byte[], byte[]>> trees = new EnumMap<>(Table.class);

    public TreeStore() {
        for (Table table : Table.values()) {
            trees.put(table, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    @Override
    public synchronized byte @Nullable [] get(Table table, byte[] key) {
        return tree(table).get(key);
    }

    @Override
    public @Nullable Row first(Table table, KeyRange range) {
        return atOrAbove(table, range.from(), range);
    }

    @Override
    public Cursor ascending(Table table, KeyRange range) {
        return new TreeCursor(this, table, range, false);
    }

    @Override
    public Cursor descending(Table table, KeyRange range) {
        return new TreeCursor(this, table, range, true);
    }

    /** Copies the trees, not the rows: costs a few dozen bytes per row for as long as it is held. */
    @Override
    public synchronized Snapshot snapshot() {
        TreeStore copy = new TreeStore();
        trees.forEach((table, tree) -> copy.tree(table).putAll(tree));
        return new TreeSnapshot(copy);
    }

    @Override
    public synchronized void write(WriteUnit unit) {
        unit.replay(new WriteUnit.Writer() {
            @Override
            public void put(Table table, byte[] key, byte[] value) {
                tree(table).put(key, value);
            }

            @Override
            public void delete(Table table, byte[] key) {
                tree(table).remove(key);
            }
        });
    }

    @Override
    public void requireHealthy() {}

    /** Nothing here survives the process. */
    @Override
    public boolean flush() {
        return false;
    }

    @Override
    public void checkpoint(Path directory) {
        throw new UnsupportedOperationException("a store in memory has no files to copy to " + directory);
    }

    @Override
    public void close() {}

    private NavigableMap<byte[], byte[]> tree(Table table) {
        NavigableMap<byte[], byte[]> tree = trees.get(table);
        if (tree == null) {
            throw new IllegalStateException("no tree for table " + table);
        }
        return tree;
    }

    private synchronized @Nullable Row atOrAbove(Table table, byte[] key, KeyRange range) {
        return rowIn(range, tree(table).ceilingEntry(range.isBefore(key) ? range.from() : key));
    }

    private synchronized @Nullable Row above(Table table, byte[] key, KeyRange range) {
        return rowIn(range, tree(table).higherEntry(key));
    }

    private synchronized @Nullable Row atOrBelow(Table table, byte @Nullable [] key, KeyRange range) {
        byte[] to = range.to();
        if (key != null && !range.isBeyond(key)) {
            return rowIn(range, tree(table).floorEntry(key));
        }
        return rowIn(range, to == null ? tree(table).lastEntry() : tree(table).lowerEntry(to));
    }

    private synchronized @Nullable Row below(Table table, byte[] key, KeyRange range) {
        return rowIn(range, tree(table).lowerEntry(key));
    }

    private static @Nullable Row rowIn(KeyRange range, Map.@Nullable Entry<byte[], byte[]> entry) {
        return entry == null || !range.holds(entry.getKey()) ? null : new Row(entry.getKey(), entry.getValue());
    }

    /** A store that nobody else knows. */
    private record TreeSnapshot(TreeStore copy) implements Snapshot {
        @Override
        public byte @Nullable [] get(Table table, byte[] key) {
            return copy.get(table, key);
        }

        @Override
        public @Nullable Row first(Table table, KeyRange range) {
            return copy.first(table, range);
        }

        @Override
        public Cursor ascending(Table table, KeyRange range) {
            return copy.ascending(table, range);
        }

        /** Memory has no files. */
        @Override
        public void proveFiles() {}

        @Override
        public void close() {}
    }

    private static final class TreeCursor implements Cursor {
        private final TreeStore store;
        private final Table table;
        private final KeyRange range;
        private final boolean isDescending;
        private byte @Nullable [] target;
        private @Nullable Row current;
        private boolean isEnded;

        TreeCursor(TreeStore store, Table table, KeyRange range, boolean isDescending) {
            this.store = store;
            this.table = table;
            this.range = range;
            this.isDescending = isDescending;
            this.target = isDescending ? null : range.from();
        }

        @Override
        public boolean advance() {
            if (!isEnded) {
                current = current == null ? startRow() : nextRow(current.key());
                isEnded = current == null;
            }
            return !isEnded;
        }

        @Override
        public void seek(byte[] key) {
            target = key;
            current = null;
            isEnded = false;
        }

        private @Nullable Row startRow() {
            byte[] start = target;
            return isDescending || start == null
                    ? store.atOrBelow(table, start, range)
                    : store.atOrAbove(table, start, range);
        }

        private @Nullable Row nextRow(byte[] key) {
            return isDescending ? store.below(table, key, range) : store.above(table, key, range);
        }

        @Override
        public byte[] key() {
            return row().key();
        }

        @Override
        public byte[] value() {
            return row().value();
        }

        private Row row() {
            if (current == null) {
                throw new IllegalStateException("the cursor stands on no row");
            }
            return current;
        }

        @Override
        public void close() {}
    }
}
