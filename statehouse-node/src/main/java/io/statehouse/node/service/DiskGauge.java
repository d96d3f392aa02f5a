package io.statehouse.node.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much room the disk of the data directory has.
 *
 * <p>With less than the reserve only deletes are taken: a full disk ends the process, and what frees space must still be
 * possible. A disk that was full takes writes again when there is a little more than the reserve, so that it does not
 * change its mind with every file that RocksDB drops.
 */
public final class DiskGauge {
    private static final Logger LOG = LoggerFactory.getLogger(DiskGauge.class);
    private static final long MORE_BYTES = 64L << 20;

    private final Probe probe;
    private final long reserveBytes;
    private volatile Space space = Space.UNKNOWN;
    private volatile boolean isFull;

    /** Looks at a disk. */
    @FunctionalInterface
    interface Probe {
        Space look(long reserveBytes) throws IOException;
    }

    /**
     * What a disk has; both 0 when there is none.
     *
     * @param reserveBytes with less than this free, only deletes are taken
     */
    public record Space(long freeBytes, long totalBytes, long reserveBytes) {
        static final Space UNKNOWN = new Space(0, 0, 0);
    }

    DiskGauge(Probe probe, long reserveBytes) {
        this.probe = probe;
        this.reserveBytes = reserveBytes;
    }

    /**
     * A gauge of the disk that holds a directory.
     *
     * @param directory null = everything is kept in memory
     */
    public static DiskGauge of(@Nullable Path directory, long reserveBytes) {
        return new DiskGauge(
                reserve -> {
                    if (directory == null || !Files.exists(directory)) {
                        return Space.UNKNOWN;
                    }
                    var store = Files.getFileStore(directory);
                    return new Space(store.getUsableSpace(), store.getTotalSpace(), reserve);
                },
                reserveBytes);
    }

    /** Looks again; true when the disk has become full since the last look. */
    public boolean look() {
        try {
            space = probe.look(reserveBytes);
        } catch (IOException e) {
            LOG.warn("cannot see how much room the disk has", e);
            return false;
        }
        boolean was = isFull;
        long free = space.freeBytes();
        isFull = space.totalBytes() > 0 && free < (was ? reserveBytes + MORE_BYTES : reserveBytes);
        if (isFull != was) {
            LOG.warn(
                    "the disk {} free_bytes={} reserve_bytes={}",
                    isFull ? "is nearly full, only deletes are taken" : "has room again, writes are taken",
                    free,
                    reserveBytes);
        }
        return isFull && !was;
    }

    boolean isFull() {
        return isFull;
    }

    public Space space() {
        return space;
    }
}
