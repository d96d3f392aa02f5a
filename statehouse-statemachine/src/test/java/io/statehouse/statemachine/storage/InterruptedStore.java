package io.statehouse.statemachine.storage;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store in which something happens just when a reader has begun to look. */
public final class InterruptedStore implements Store {
    private final Store store;
    private final List<Runnable> meanwhile;

    /** @param meanwhile what happens at the next look into versions or into the events of an agent; each happens once */
    public InterruptedStore(Store store, List<Runnable> meanwhile) {
        this.store = store;
        this.meanwhile = meanwhile;
    }

    @Override
    public Cursor ascending(Table table, KeyRange range) {
        boolean isReader = table == Table.VERSIONS || table == Table.AGENT_EVENTS;
        if (isReader && !meanwhile.isEmpty()) {
            meanwhile.removeFirst().run();
        }
        return store.ascending(table, range);
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
    public Cursor descending(Table table, KeyRange range) {
        return store.descending(table, range);
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
}
