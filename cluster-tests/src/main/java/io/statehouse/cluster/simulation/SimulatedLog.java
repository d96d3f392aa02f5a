package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.LogPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agreed order, as Raft would deliver it: never two entries at one index, terms that only grow, its beginning purged. */
final class SimulatedLog {
    private final List<Entry> entries = new ArrayList<>();
    private long purgedBelow;

    /**
     * One entry.
     *
     * @param bytes null = an entry of Raft's own, such as a change of leader
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Entry(LogPosition position, byte @Nullable [] bytes) {}

    void append(long term, byte @Nullable [] bytes) {
        entries.add(new Entry(new LogPosition(term, entries.size()), bytes));
    }

    long end() {
        return entries.size();
    }

    /** The index of the first entry that can still be read. */
    long start() {
        return purgedBelow;
    }

    void purgeBelow(long index) {
        purgedBelow = Math.max(purgedBelow, index);
    }

    /** Any entry there ever was, for whoever judges the run. */
    Entry ever(long index) {
        return entries.get((int) index);
    }

    Entry get(long index) {
        if (index < purgedBelow) {
            throw new IllegalStateException("entry " + index + " was purged");
        }
        return entries.get((int) index);
    }
}
