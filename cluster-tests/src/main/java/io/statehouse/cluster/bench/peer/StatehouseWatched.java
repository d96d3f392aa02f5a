package io.statehouse.cluster.bench.peer;

import io.statehouse.client.Event;
import io.statehouse.client.Json;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.Watch;
import io.statehouse.client.WatchQuery;
import io.statehouse.cluster.bench.load.Watched;
import io.statehouse.cluster.bench.load.Watcher;
import java.util.function.LongConsumer;

/** An agent of Statehouse, watched from now on. */
final class StatehouseWatched implements Watched {
    private final StatehouseClient client;
    private final String agent;
    private final Json value = Json.parse(Things.values().getFirst());

    StatehouseWatched(StatehouseClient client, String agent) {
        this.client = client;
        this.agent = agent;
    }

    @Override
    public void change(long time) {
        client.putAsync(agent, Things.timedKey(time), value).join();
    }

    @Override
    public Watcher watcher(int number) {
        return new Reader(client.watch(WatchQuery.of(agent)));
    }

    /** A watcher of the client. */
    private record Reader(Watch watch) implements Watcher {
        @Override
        public void poll(LongConsumer times) {
            Event event = watch.poll(Things.WATCHER_WAIT);
            if (event != null) {
                times.accept(Things.timeOf(event.operations().getFirst().key().key()));
            }
        }

        @Override
        public void close() {
            watch.close();
        }
    }
}
