package io.statehouse.statemachine.storage;

import org.jspecify.annotations.Nullable;

/** Ordered tables to read from: a store, or a store seen through a unit that is not written yet. */
public interface Rows {
    /** What is stored under a key; null when nothing is. */
    byte @Nullable [] get(Table table, byte[] key);

    /** The first row of a range; null when the range is empty. */
    @Nullable
    Row first(Table table, KeyRange range);

    /** The rows of a range, smallest key first. Must be closed. */
    Cursor ascending(Table table, KeyRange range);
}
