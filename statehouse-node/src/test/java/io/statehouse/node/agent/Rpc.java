package io.statehouse.node.agent;

import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonSyntaxException;
import io.statehouse.statemachine.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A JSON-RPC client that knows nothing but JSON, in a namespace of its own. */
final class Rpc implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final String namespace;

    Rpc(int port) {
        this(port, "rpc-" + UUID.randomUUID());
    }

    Rpc(int port, String namespace) {
        this.port = port;
        this.namespace = namespace;
    }

    String namespace() {
        return namespace;
    }

    /** The result of a call that must succeed. */
    JsonNode call(String method, String params) {
        JsonNode answer = answer(method, params);
        JsonNode result = member(answer, "result");
        if (result == null) {
            throw new AssertionError(method + " " + params + " -> " + JsonWriter.text(answer));
        }
        return result;
    }

    /** The whole answer to a call. */
    JsonNode answer(String method, String params) {
        return parse(post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}")
                .body());
    }

    /** Code, message and data of the error of a call that must fail. */
    String error(String method, String params) {
        JsonNode error = member(answer(method, params), "error");
        if (error == null) {
            throw new AssertionError(method + " " + params + " was answered");
        }
        JsonNode data = member(error, "data");
        return text(error, "code") + " " + text(error, "message")
                + (data instanceof JsonString string ? " | " + string.value() : "");
    }

    /** Does something for each number below a bound, each on a thread of its own, all at once. */
    static void atOnce(int count, IntConsumer work) {
        List<Future<?>> all = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < count; number++) {
                int own = number;
                all.add(threads.submit(() -> work.accept(own)));
            }
        }
        for (Future<?> one : all) {
            if (one.state() == Future.State.FAILED) {
                throw new AssertionError(one.exceptionNow());
            }
        }
    }

    HttpResponse<String> post(String body) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/rpc"))
                .header("Content-Type", "application/json")
                .header("Statehouse-Namespace", namespace)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode parse(String text) {
        try {
            return JsonParser.parse(text.getBytes(StandardCharsets.UTF_8), 300);
        } catch (JsonSyntaxException e) {
            throw new AssertionError(text, e);
        }
    }

    static @Nullable JsonNode member(JsonNode object, String name) {
        return object instanceof JsonObject members ? members.members().get(name) : null;
    }

    /** A scalar member as text. */
    static String text(JsonNode object, String name) {
        JsonNode value = member(object, name);
        return value instanceof JsonString string
                ? string.value()
                : value instanceof JsonNumber number ? number.text() : String.valueOf(value);
    }

    static List<JsonNode> items(JsonNode array) {
        return ((JsonArray) array).items();
    }

    @Override
    public void close() {
        http.close();
    }
}
