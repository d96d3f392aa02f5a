package io.statehouse.statemachine.storage;

/**
 * A store as it was at one moment, to be read for as long as it takes; what is written or deleted meanwhile does not show.
 *
 * <p>For one thread at a time. It keeps the store from giving space back, so it must be closed. When the store is closed
 * first, every further question throws an {@link IllegalStateException}: whoever asks begins anew.
 */
public interface Snapshot extends Rows, AutoCloseable {
    /**
     * Reads every block of every file that the store lies in, also those that no question passes, such as filters. It takes as
     * long as the disk needs for all of them.
     *
     * @throws io.statehouse.statemachine.StoreFailedException when a checksum does not hold
     */
    void proveFiles();

    @Override
    void close();
}
