package io.statehouse.raft;

/**
 * Hears what a log does, while it does it. Called by the log's own threads, which wait for it: it must be quick, must not
 * block and must not throw. Times are in nanoseconds.
 */
public interface LogObserver {
    /** Hears and forgets. */
    LogObserver NONE = new LogObserver() {
        @Override
        public void proposed(int commands, int bytes, long queuedNanos) {}

        @Override
        public void replicated(long nanos) {}

        @Override
        public void applied(int commands, long nanos) {}

        @Override
        public void flushed(long nanos) {}
    };

    /**
     * The leader hands a batch of commands to Raft as one entry.
     *
     * @param bytes of the entry
     * @param queuedNanos how long the first of the commands has waited
     */
    void proposed(int commands, int bytes, long queuedNanos);

    /** A batch that this member proposed is on the disks of a majority and applied here, this long after it was proposed. */
    void replicated(long nanos);

    /** This replica has applied a batch. */
    void applied(int commands, long nanos);

    /** This replica has forced its state to the disk. */
    void flushed(long nanos);
}
