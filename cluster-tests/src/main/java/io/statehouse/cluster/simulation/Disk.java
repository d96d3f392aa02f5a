package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.storage.Store;

/** The disk of a simulated replica: what was flushed survives a crash, the rest does not. */
interface Disk extends AutoCloseable {
    /** The store as it is after a start or a crash: everything flushed, nothing else. */
    Store open();

    /** Ends the open store as a crash does. */
    void crash();

    /** Flushes and copies the open store's contents to a new disk. */
    Disk copy();

    /** Ends the open store, if any, and frees what it holds. */
    @Override
    void close();
}
