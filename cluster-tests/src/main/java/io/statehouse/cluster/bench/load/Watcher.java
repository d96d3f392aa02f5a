package io.statehouse.cluster.bench.load;

import java.util.function.LongConsumer;

/** One of many who are told of every change, from the moment on when this was made. */
public interface Watcher extends AutoCloseable {
    /** Hands over the times that changes carry which have come; waits a little if none has. */
    void poll(LongConsumer times) throws Exception;

    @Override
    void close();
}
