package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Snapshot;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A disk in memory: fast, and able to fail in the ways a {@link Mutant} asks for. */
final class MemoryDisk implements Disk {
    private final Mutant mutant;
    private final TreeStore durable = new TreeStore();
    private MutableStore store = new MutableStore(this);

    MemoryDisk(Mutant mutant) {
        this.mutant = mutant;
    }

    @Override
    public Store open() {
        store = new MutableStore(this);
        copyRows(durable, store.live);
        return store;
    }

    @Override
    public void crash() {
        store.unflushed.clear();
    }

    @Override
    public Disk copy() {
        if (mutant != Mutant.SNAPSHOT_WITHOUT_FLUSH) {
            store.flush();
        }
        var copy = new MemoryDisk(mutant);
        copyRows(durable, copy.durable);
        return copy;
    }

    @Override
    public void close() {}

    private static void copyRows(Store from, Store to) {
        try (var unit = new WriteUnit(to)) {
            for (Table table : Table.values()) {
                try (Cursor rows = from.ascending(table, KeyRange.all())) {
                    while (rows.advance()) {
                        unit.put(table, rows.key(), rows.value());
                    }
                }
            }
            to.write(unit);
        }
    }

    /** One change of one row; without a value the row is deleted. Compared with no other. */
    private static final class Change {
        private final Table table;
        private final byte[] key;
        private final byte @Nullable [] value;

        Change(Table table, byte[] key, byte @Nullable [] value) {
            this.table = table;
            this.key = key;
            this.value = value;
        }
    }

    /** The store on this disk: writes go to memory and wait to be flushed. */
    private static final class MutableStore implements Store {
        private final MemoryDisk disk;
        private final TreeStore live = new TreeStore();
        private final List<Change> unflushed = new ArrayList<>();
        private int units;

        MutableStore(MemoryDisk disk) {
            this.disk = disk;
        }

        @Override
        public byte @Nullable [] get(Table table, byte[] key) {
            boolean isHidden = disk.mutant == Mutant.DEDUPLICATION_OFF && table == Table.LEDGER;
            return isHidden ? null : live.get(table, key);
        }

        @Override
        public @Nullable Row first(Table table, KeyRange range) {
            return live.first(table, range);
        }

        @Override
        public Cursor ascending(Table table, KeyRange range) {
            return live.ascending(table, range);
        }

        @Override
        public Cursor descending(Table table, KeyRange range) {
            return live.descending(table, range);
        }

        @Override
        public Snapshot snapshot() {
            return live.snapshot();
        }

        @Override
        public void write(WriteUnit unit) {
            units++;
            if (disk.mutant == Mutant.LOST_WRITE && units % Mutant.LOST_WRITE_PERIOD == 0) {
                return;
            }
            live.write(unit);
            unit.replay(new WriteUnit.Writer() {
                @Override
                public void put(Table table, byte[] key, byte[] value) {
                    unflushed.add(new Change(table, key, value));
                }

                @Override
                public void delete(Table table, byte[] key) {
                    unflushed.add(new Change(table, key, null));
                }
            });
        }

        @Override
        public void requireHealthy() {}

        @Override
        public boolean flush() {
            try (var unit = new WriteUnit(disk.durable)) {
                for (Change change : unflushed) {
                    if (!isForgotten(change.table)) {
                        stage(unit, change);
                    }
                }
                disk.durable.write(unit);
            }
            unflushed.removeIf(change -> !isLate(change.table));
            return true;
        }

        private static void stage(WriteUnit unit, Change change) {
            if (change.value == null) {
                unit.delete(change.table, change.key);
            } else {
                unit.put(change.table, change.key, change.value);
            }
        }

        /** Whether a table does not reach the disk at all, or only after its next flush. */
        private boolean isForgotten(Table table) {
            return isLate(table) || (disk.mutant == Mutant.LEDGER_IN_MEMORY_ONLY && table == Table.LEDGER);
        }

        private boolean isLate(Table table) {
            return (disk.mutant == Mutant.TABLES_FLUSHED_APART && table == Table.JOURNAL)
                    || (disk.mutant == Mutant.POSITION_WRITTEN_APART && table == Table.META);
        }

        @Override
        public void checkpoint(Path directory) {
            throw new UnsupportedOperationException("a disk in memory has no files to copy to " + directory);
        }

        @Override
        public void close() {}
    }
}
