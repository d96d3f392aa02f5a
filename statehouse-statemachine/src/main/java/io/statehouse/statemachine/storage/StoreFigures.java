package io.statehouse.statemachine.storage;

/**
 * What a store can say of itself.
 *
 * @param rowsEstimate rows of all tables, about
 * @param fileBytes of the tables' files, with those that readers or a backup still hold
 * @param liveBytes of the rows that count, about; far below {@code fileBytes} there is much to clean up
 * @param memtableBytes written and not in a file yet
 * @param cacheBytes of blocks kept in memory
 * @param readerBytes memory for open files beside the cache
 * @param levelZeroFiles files that flushes made and no compaction has merged; reads look into each of them
 * @param compactionBytesPending to be rewritten, about; writes are slowed when there is too much
 * @param compactionsRunning at the moment
 * @param flushesRunning at the moment
 * @param isWriteStopped whether writes wait because flushes or compactions do not keep up
 * @param delayedWriteBytesPerSecond to which writes are slowed for the same reason; 0 = they are not
 * @param snapshotsOpen that readers hold; what they see cannot be cleaned up
 */
public record StoreFigures(
        long rowsEstimate,
        long fileBytes,
        long liveBytes,
        long memtableBytes,
        long cacheBytes,
        long readerBytes,
        long levelZeroFiles,
        long compactionBytesPending,
        long compactionsRunning,
        long flushesRunning,
        boolean isWriteStopped,
        long delayedWriteBytesPerSecond,
        long snapshotsOpen) {
    /** Of a store that has nothing to say. */
    public static final StoreFigures NONE = new StoreFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, 0, 0);
}
