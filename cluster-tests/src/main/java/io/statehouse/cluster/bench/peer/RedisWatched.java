package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.bench.load.Watched;
import io.statehouse.cluster.bench.load.Watcher;
import io.statehouse.cluster.bench.wire.RespWire;
import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;

/** A stream of Redis whose watchers ask for what follows the last entry they have, and wait where there is none. */
final class RedisWatched implements Watched {
    private static final int WORDS_PER_ENTRY = 3;

    private final int port;
    private final RedisConnection writer;
    private final String stream;
    private final byte[] value = Things.valueBytes().getFirst();

    RedisWatched(int port, RedisConnection writer, String stream) {
        this.port = port;
        this.writer = writer;
        this.stream = stream;
    }

    @Override
    public synchronized void change(long time) throws IOException {
        long unused = writer.ask(RespWire.command("XADD", stream, "*", Things.timedKey(time), value), 1);
    }

    @Override
    public Watcher watcher(int number) throws IOException {
        return new Reader(new RedisConnection(port));
    }

    /** A watcher with a connection of its own. */
    private final class Reader implements Watcher {
        private final RedisConnection connection;
        // Before the first: the stream is a new one.
        private String last = "0-0";

        Reader(RedisConnection connection) {
            this.connection = connection;
        }

        @Override
        public void poll(LongConsumer times) throws IOException {
            List<String> words = connection.strings(
                    RespWire.command("XREAD", "BLOCK", Things.WATCHER_WAIT.toMillis(), "STREAMS", stream, last));
            // The name of the stream, then of each entry its id, the name of its field and the value.
            for (int i = 1; i < words.size(); i += WORDS_PER_ENTRY) {
                last = words.get(i);
                times.accept(Things.timeOf(words.get(i + 1)));
            }
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
