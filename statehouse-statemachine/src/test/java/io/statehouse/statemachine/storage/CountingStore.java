package io.statehouse.statemachine.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A store that counts how often a table is looked into, so that a cost can be claimed without a clock. */
public final class CountingStore implements Store {
    private final Store store;
    private int seeks;

    public CountingStore(Store store) {
        this.store = store;
    }

    public int seeks() {
        return seeks;
    }

    public void reset() {
        seeks = 0;
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        seeks++;
        return store.get(table, key);
    }

    @Override
    public @Nullable Row first(Table table, KeyRange range) {
        seeks++;
        return store.first(table, range);
    }

    @Override
    public Cursor ascending(Table table, KeyRange range) {
        return new CountingCursor(store.ascending(table, range));
    }

    @Override
    public Cursor descending(Table table, KeyRange range) {
        return new CountingCursor(store.descending(table, range));
    }

    @Override
    public Snapshot snapshot() {
        return store.snapshot();
    }

    @Override
    public void write(WriteUnit unit) {
        store.write(unit);
    }

    @Override
    public void requireHealthy() {
        store.requireHealthy();
    }

    @Override
    public boolean flush() {
        return store.flush();
    }

    @Override
    public void checkpoint(Path directory) {
        store.checkpoint(directory);
    }

    @Override
    public void close() {
        store.close();
    }

    private final class CountingCursor implements Cursor {
        private final Cursor cursor;

        CountingCursor(Cursor cursor) {
            this.cursor = cursor;
        }

        @Override
        public boolean advance() {
            return cursor.advance();
        }

        @Override
        public void seek(byte[] key) {
            seeks++;
            cursor.seek(key);
        }

        @Override
        public byte[] key() {
            return cursor.key();
        }

        @Override
        public byte[] value() {
            return cursor.value();
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
