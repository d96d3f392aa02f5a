package io.statehouse.statemachine.storage;

/**
 * A store as it was at one moment, to be read for as long as it takes; what is written or deleted meanwhile does not show.
 *
 * <p>For one thread at a time. It keeps the store from giving space back, so it must be closed. When the store is closed
 * first, every further question throws an {@link IllegalStateException}: whoever asks begins anew.
 */
public interface Snapshot extends Rows, AutoCloseable {
    @Override
    void close();
}
