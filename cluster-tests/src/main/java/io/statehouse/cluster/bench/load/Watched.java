package io.statehouse.cluster.bench.load;

/** Something that changes and can be watched. */
public interface Watched {
    /**
     * Begins to watch.
     *
     * @param number of the watcher, counted from 0
     */
    Watcher watcher(int number) throws Exception;

    /**
     * Changes it, and waits until that is acknowledged; the change carries a time of {@link System#nanoTime}. Called by several
     * threads at once.
     */
    void change(long time) throws Exception;
}
