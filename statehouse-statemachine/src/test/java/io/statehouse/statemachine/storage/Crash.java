package io.statehouse.statemachine.storage;

/** Ends a database the way a killed process does: what was not flushed is gone. */
public final class Crash {
    private Crash() {}

    public static void of(RocksStore store) {
        store.closeWithoutFlush();
    }
}
