package io.statehouse.raft;

/**
 * How much of the Raft log is kept for followers that were away; one that was away for longer gets a snapshot.
 *
 * @param segmentBytes the log is purged in whole files of about this size
 * @param purgeBytes entries applied since the last purge that bring on the next one, by their size
 * @param purgeEntries entries applied since the last purge that bring on the next one, by their number
 * @param entriesKept entries that a purge leaves behind
 */
public record LogRetention(int segmentBytes, long purgeBytes, long purgeEntries, long entriesKept) {
    public static final LogRetention DEFAULT = new LogRetention(64 << 20, 256L << 20, 100_000, 1_000);

    public LogRetention {
        if (segmentBytes < 1 || purgeBytes < 1 || purgeEntries < 1 || entriesKept < 1) {
            throw new IllegalArgumentException("log retention has a part below 1: " + segmentBytes + ", " + purgeBytes
                    + ", " + purgeEntries + ", " + entriesKept);
        }
    }
}
