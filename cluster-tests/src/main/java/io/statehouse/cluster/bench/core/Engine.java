package io.statehouse.cluster.bench.core;

import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.TreeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** What keeps the rows of the core. */
public enum Engine {
    /** Trees in memory. */
    MEMORY,
    /** RocksDB. */
    ROCKS;

    /** Opens an empty state, on a fresh directory of the JVM's temporary one where it has files. */
    StateMachine open() {
        var store = switch (this) {
            case MEMORY -> new TreeStore();
            case ROCKS -> {
                try {
                    yield RocksStore.open(Files.createTempDirectory("store").resolve("db"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        return StateMachine.open(store, Limits.DEFAULT);
    }
}
