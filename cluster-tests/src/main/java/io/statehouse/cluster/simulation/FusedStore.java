package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Snapshot;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A store whose process may die at any write or flush. */
final class FusedStore implements Store {
    private final Store store;
    private final Fuse fuse;

    FusedStore(Store store, Fuse fuse) {
        this.store = store;
        this.fuse = fuse;
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        return store.get(table, key);
    }

    @Override
    public @Nullable Row first(Table table, KeyRange range) {
        return store.first(table, range);
    }

    @Override
    public Cursor ascending(Table table, KeyRange range) {
        return store.ascending(table, range);
    }

    @Override
    public Cursor descending(Table table, KeyRange range) {
        return store.descending(table, range);
    }

    @Override
    public Snapshot snapshot() {
        return store.snapshot();
    }

    @Override
    public void write(WriteUnit unit) {
        fuse.pass(() -> store.write(unit));
    }

    @Override
    public boolean flush() {
        fuse.pass(store::flush);
        return true;
    }

    @Override
    public void requireHealthy() {
        store.requireHealthy();
    }

    @Override
    public void checkpoint(Path directory) {
        store.checkpoint(directory);
    }

    @Override
    public void close() {
        store.close();
    }
}
