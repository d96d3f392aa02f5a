package io.statehouse.cluster.bench.load;

/** One of the callers of a load: does one operation after another. */
public interface Caller extends AutoCloseable {
    /**
     * Does one operation and waits for its answer.
     *
     * @return how many things were done: 1, or the events of a replay
     */
    long call() throws Exception;

    /** Lets its connection go, if it has one of its own. */
    @Override
    default void close() {}
}
