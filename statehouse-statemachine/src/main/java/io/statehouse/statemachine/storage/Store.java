package io.statehouse.statemachine.storage;

import java.nio.file.Path;

/**
 * The port to a disk or a memory: ordered tables, written by atomic units.
 *
 * <p>One thread writes, any thread reads. Every failure is a {@link io.statehouse.statemachine.StoreFailedException}; none
 * is ever answered as "no such row".
 */
public interface Store extends Rows, AutoCloseable {
    /** The rows of a range, largest key first. Must be closed. */
    Cursor descending(Table table, KeyRange range);

    /** The rows of this moment. Must be closed. */
    Snapshot snapshot();

    /** Writes all rows of a unit or none of them. */
    void write(WriteUnit unit);

    /** Throws when something failed that no call has told yet: for a watchdog, since an idle store is never written to. */
    void requireHealthy();

    /** What this store can say of itself; for metrics, so it is asked seldom. */
    default StoreFigures figures() {
        return StoreFigures.NONE;
    }

    /**
     * Makes everything written so far survive a crash, all tables at one point. Blocks; may run beside a writer.
     *
     * @return false when nothing ever survives here, because this store is a memory
     */
    boolean flush();

    /** Flushes and writes a consistent copy into a directory that does not exist yet, by hard links where it can. */
    void checkpoint(Path directory);

    /** Flushes and closes. Nothing may read or write meanwhile or afterwards. */
    @Override
    void close();
}
