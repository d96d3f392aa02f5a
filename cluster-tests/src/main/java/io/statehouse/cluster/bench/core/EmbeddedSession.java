package io.statehouse.cluster.bench.core;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.Commit;
import io.statehouse.client.Json;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.Transport;
import io.statehouse.node.EmbeddedStatehouse;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** A node in this JVM that keeps everything in memory, a client of it, and a session of events. */
final class EmbeddedSession implements AutoCloseable {
    private static final String ID = "session";
    private static final String CONTENT = "x".repeat(200);
    private static final StateKey LIST = StateKey.of("agent", "list");

    private final EmbeddedStatehouse node = EmbeddedStatehouse.inMemory();
    private final StatehouseClient client =
            StatehouseClient.connect(ClientOptions.of(node.address()).transport(Transport.IN_PROCESS), Runnable::run);
    private final LoggedPuts ids = new LoggedPuts(new SplittableRandom(1));
    private final Json item = Json.of(Map.of("content", CONTENT));

    EmbeddedSession() {
        Json unused = client.agentLayer().execute("events.create_session", Map.of("id", ID));
    }

    /** Appends one event to the session. */
    CompletableFuture<Json> append() {
        var event = Map.of(
                "session_id",
                ID,
                "type",
                "llm_response",
                "payload",
                Map.of("content", CONTENT, "finish_reason", "stop"),
                "metadata",
                Map.of("tokens_in", 12, "tokens_out", 34, "cost_usd", 0.001, "model", "m-1"));
        String id = ids.id(System.currentTimeMillis()).value();
        return client.agentLayer().executeAsync(id, "events.append", event);
    }

    /** Appends so many items to one list, in one transaction. */
    long appendTogether(int items) {
        var commit = Commit.builder();
        for (int i = 0; i < items; i++) {
            commit.append(LIST, item);
        }
        return client.commit(commit.build()).commitTs();
    }

    /** Appends so many events, all of them under way at once. */
    int appendAtOnce(int events) {
        CompletableFuture.allOf(
                        IntStream.range(0, events).mapToObj(unused -> append()).toArray(CompletableFuture<?>[]::new))
                .join();
        return events;
    }

    /** What the session has come to by the usual reducer. */
    Json state() {
        return client.agentLayer().query("events.state", Map.of("id", ID));
    }

    @Override
    public void close() {
        client.close();
        node.close();
    }
}
