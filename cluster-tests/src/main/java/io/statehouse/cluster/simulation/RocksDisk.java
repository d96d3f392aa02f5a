package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.Store;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real RocksDB in a directory. */
final class RocksDisk implements Disk {
    private final Path parent;
    private final AtomicInteger directories;
    private final Path directory;
    private @Nullable RocksStore store;

    private RocksDisk(Path parent, AtomicInteger directories, Path directory) {
        this.parent = parent;
        this.directories = directories;
        this.directory = directory;
    }

    /** An empty disk in a new directory under a parent, which the caller removes. */
    static RocksDisk in(Path parent, AtomicInteger directories) {
        return new RocksDisk(parent, directories, next(parent, directories));
    }

    private static Path next(Path parent, AtomicInteger directories) {
        return parent.resolve("disk" + directories.incrementAndGet());
    }

    @Override
    public Store open() {
        store = RocksStore.open(directory);
        return store;
    }

    @Override
    public void crash() {
        close();
    }

    @Override
    public Disk copy() {
        Path target = next(parent, directories);
        RocksStore source = opened();
        source.flush();
        source.checkpoint(target);
        return new RocksDisk(parent, directories, target);
    }

    @Override
    public void close() {
        if (store != null) {
            store.closeWithoutFlush();
            store = null;
        }
    }

    private RocksStore opened() {
        if (store == null) {
            throw new IllegalStateException("the store is not open");
        }
        return store;
    }
}
