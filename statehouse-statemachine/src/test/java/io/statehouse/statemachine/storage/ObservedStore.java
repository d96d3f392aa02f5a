package io.statehouse.statemachine.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A store that says when a table is looked into, just before it is. */
public final class ObservedStore implements Store {
    private final Store store;
    private final Observer observer;

    /** How a table is looked into. */
    public enum Look {
        GET,
        FIRST,
        /** A cursor is opened, which has not looked at anything yet. */
        OPEN,
        SEEK
    }

    /** Hears of looks. */
    @FunctionalInterface
    public interface Observer {
        void looks(Look look, Table table);
    }

    public ObservedStore(Store store, Observer observer) {
        this.store = store;
        this.observer = observer;
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        observer.looks(Look.GET, table);
        return store.get(table, key);
    }

    @Override
    public @Nullable Row first(Table table, KeyRange range) {
        observer.looks(Look.FIRST, table);
        return store.first(table, range);
    }

    @Override
    public Cursor ascending(Table table, KeyRange range) {
        observer.looks(Look.OPEN, table);
        return new ObservedCursor(table, store.ascending(table, range));
    }

    @Override
    public Cursor descending(Table table, KeyRange range) {
        observer.looks(Look.OPEN, table);
        return new ObservedCursor(table, store.descending(table, range));
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

    private final class ObservedCursor implements Cursor {
        private final Table table;
        private final Cursor cursor;

        ObservedCursor(Table table, Cursor cursor) {
            this.table = table;
            this.cursor = cursor;
        }

        @Override
        public boolean advance() {
            return cursor.advance();
        }

        @Override
        public void seek(byte[] key) {
            observer.looks(Look.SEEK, table);
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
