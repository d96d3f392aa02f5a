package io.statehouse.statemachine.storage;

/** Walks the rows of a range one by one. For one thread; holds on to the store's resources until it is closed. */
public interface Cursor extends AutoCloseable {
    /** Moves to the next row, the first time to the first one; false at the end of the range. */
    boolean advance();

    /** Makes the next {@link #advance} land on the nearest row at or past a key, in the direction of the walk. */
    void seek(byte[] key);

    /** The key of the row the last {@link #advance} moved to. */
    byte[] key();

    /** The value of the row the last {@link #advance} moved to. */
    byte[] value();

    @Override
    void close();
}
