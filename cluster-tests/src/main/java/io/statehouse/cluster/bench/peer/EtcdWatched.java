package io.statehouse.cluster.bench.peer;

import io.grpc.Channel;
import io.statehouse.cluster.bench.load.Watched;
import io.statehouse.cluster.bench.load.Watcher;
import io.statehouse.cluster.bench.wire.BytesCall;
import io.statehouse.cluster.bench.wire.EtcdWire;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A prefix of etcd, watched from now on. */
final class EtcdWatched implements Watched {
    private static final long OPEN_SECONDS_MAX = 30;
    private static final long FROM_NOW_ON = 0;

    private final Channel leader;
    private final String prefix;
    private final Consumer<String> put;

    /** @param put writes to a key */
    EtcdWatched(Channel leader, String prefix, Consumer<String> put) {
        this.leader = leader;
        this.prefix = prefix;
        this.put = put;
    }

    @Override
    public void change(long time) {
        put.accept(prefix + Things.timedKey(time));
    }

    @Override
    public Watcher watcher(int number) throws Exception {
        var watcher = new Stream(leader, prefix);
        watcher.awaitOpen();
        return watcher;
    }

    /** A watcher with a stream of its own. */
    private static final class Stream implements Watcher {
        private final BlockingQueue<Long> arrived = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> open = new CompletableFuture<>();
        private final CompletableFuture<Void> stream;

        Stream(Channel leader, String prefix) {
            stream = BytesCall.stream(leader, BytesCall.ETCD_WATCH, EtcdWire.watch(prefix, FROM_NOW_ON), this::take);
            var unused = stream.whenComplete((nothing, failure) -> open.cancel(false));
        }

        // The first answer says that the watch has its place.
        private boolean take(byte[] answer) {
            open.complete(null);
            EtcdWire.eventKeys(answer).forEach(key -> arrived.add(Things.timeOf(key)));
            return false;
        }

        void awaitOpen() throws Exception {
            open.get(OPEN_SECONDS_MAX, TimeUnit.SECONDS);
        }

        @Override
        public void poll(LongConsumer times) throws InterruptedException {
            if (stream.isDone()) {
                stream.join();
            }
            @Nullable Long time = arrived.poll(Things.WATCHER_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (time != null) {
                times.accept(time);
            }
        }

        @Override
        public void close() {
            stream.cancel(false);
        }
    }
}
