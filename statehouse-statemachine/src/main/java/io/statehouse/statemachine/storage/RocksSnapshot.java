package io.statehouse.statemachine.storage;

import io.statehouse.statemachine.StoreFailedException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** RocksDB's snapshot. It pins no files by itself: cursors do, and are opened anew by each page of a reader. */
final class RocksSnapshot implements io.statehouse.statemachine.storage.Snapshot {
    private final RocksDB database;
    private final Map<Table, ColumnFamilyHandle> tables;
    private final Consumer<RocksSnapshot> onClose;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private boolean isClosed;

    RocksSnapshot(RocksDB database, Map<Table, ColumnFamilyHandle> tables, Consumer<RocksSnapshot> onClose) {
        this.database = database;
        this.tables = tables;
        this.onClose = onClose;
        this.snapshot = database.getSnapshot();
        // What a reader of everything passes by must not push out what others read again and again.
        this.options = new ReadOptions().setSnapshot(snapshot).setFillCache(false);
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        try {
            return database.get(handle(table), options, key);
        } catch (RocksDBException e) {
            throw new StoreFailedException("cannot read table " + table + "; this replica must stop", e);
        }
    }

    @Override
    public @Nullable Row first(Table table, KeyRange range) {
        try (Cursor cursor = ascending(table, range)) {
            return cursor.advance() ? new Row(cursor.key(), cursor.value()) : null;
        }
    }

    @Override
    public Cursor ascending(Table table, KeyRange range) {
        return RocksCursor.ascending(table, database.newIterator(handle(table), options), range);
    }

    @Override
    public void proveFiles() {
        requireOpen();
        try {
            database.verifyChecksum();
        } catch (RocksDBException e) {
            throw new StoreFailedException("a file of the database is damaged; this replica must stop", e);
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            onClose.accept(this);
            options.close();
            database.releaseSnapshot(snapshot);
            snapshot.close();
        }
    }

    private ColumnFamilyHandle handle(Table table) {
        requireOpen();
        return Objects.requireNonNull(tables.get(table), table::name);
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("the store under this snapshot was closed");
        }
    }
}
