package io.statehouse.node.http;

import io.statehouse.node.agent.AgentEngine;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonNull;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonSyntaxException;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JSON-RPC 2.0: a text of one request or a batch of them becomes a text of answers. */
final class JsonRpc {
    /** The most requests of one batch. */
    static final int BATCH_MAX = 100;

    private static final Logger LOG = LoggerFactory.getLogger(JsonRpc.class);
    /** After so much in the answers of a batch its other requests are not run. */
    static final int ANSWERS_CHARS_MAX = 8 << 20;

    private static final int PARSE_ERROR = -32700;
    private static final int INVALID_REQUEST = -32600;
    private static final int METHOD_NOT_FOUND = -32601;
    private static final int INVALID_PARAMS = -32602;
    private static final int APPLICATION_ERROR = -32603;

    private final AgentEngine engine;
    private final String namespace;
    private final int depthMax;

    JsonRpc(AgentEngine engine, String namespace, int depthMax) {
        this.engine = engine;
        this.namespace = namespace;
        this.depthMax = depthMax;
    }

    /** What is sent back; null = nothing, because nobody asked for an answer. */
    record Reply(boolean isReadable, @Nullable String text) {}

    /** @param callers makes the caller of a request, by whether it may change state, or refuses it */
    Reply answer(byte[] body, Function<Boolean, Caller> callers) {
        JsonNode parsed;
        try {
            parsed = JsonParser.parse(body, depthMax);
        } catch (JsonSyntaxException e) {
            return new Reply(false, JsonWriter.text(error(new JsonNull(), PARSE_ERROR, "Parse error", e.getMessage())));
        }
        if (!(parsed instanceof JsonArray batch)) {
            JsonNode answer = one(parsed, callers, 0);
            return new Reply(true, answer == null ? null : JsonWriter.text(answer));
        }
        if (batch.items().isEmpty() || batch.items().size() > BATCH_MAX) {
            String why = "a batch has 1 to " + BATCH_MAX + " requests, not "
                    + batch.items().size();
            return new Reply(true, JsonWriter.text(error(new JsonNull(), INVALID_REQUEST, "Invalid Request", why)));
        }
        // Each is text as soon as it is there: what a value takes in memory is many times its text.
        var answers = new StringBuilder();
        for (JsonNode request : batch.items()) {
            JsonNode answer = one(request, callers, answers.length());
            if (answer != null) {
                answers.append(answers.isEmpty() ? '[' : ',').append(JsonWriter.text(answer));
            }
        }
        return new Reply(true, answers.isEmpty() ? null : answers.append(']').toString());
    }

    /** @param answered how many characters the answers before this one in the batch have */
    private @Nullable JsonNode one(JsonNode request, Function<Boolean, Caller> callers, int answered) {
        if (!(request instanceof JsonObject object)) {
            return error(new JsonNull(), INVALID_REQUEST, "Invalid Request", "a request is an object");
        }
        JsonNode id = object.members().getOrDefault("id", new JsonNull());
        if (!(id instanceof JsonString || id instanceof JsonNumber || id instanceof JsonNull)) {
            return error(new JsonNull(), INVALID_REQUEST, "Invalid Request", "an id is a string, a number or null");
        }
        if (!(object.members().get("jsonrpc") instanceof JsonString version)
                || !version.value().equals("2.0")) {
            return error(id, INVALID_REQUEST, "Invalid Request", "jsonrpc is not \"2.0\"");
        }
        if (!(object.members().get("method") instanceof JsonString method)) {
            return error(id, INVALID_REQUEST, "Invalid Request", "method is not a string");
        }
        JsonNode params = object.members().getOrDefault("params", new JsonNull());
        // What is not run changes nothing; it can be asked again in a batch of its own.
        JsonNode answer = answered > ANSWERS_CHARS_MAX
                ? error(id, Refusals.limitExceeded("answersCharsMax", ANSWERS_CHARS_MAX, answered))
                : run(id, method.value(), params, callers);
        return object.members().containsKey("id") ? answer : null;
    }

    private JsonNode run(JsonNode id, String method, JsonNode params, Function<Boolean, Caller> callers) {
        if (!engine.knows(method)) {
            return error(id, METHOD_NOT_FOUND, "Method not found", null);
        }
        boolean mayWrite = engine.isWrite(method);
        try {
            JsonNode result = engine.run(
                    callers.apply(mayWrite),
                    new AgentEngine.Call(namespace, method, engine.newTxnId(), params),
                    mayWrite);
            Map<String, JsonNode> answer = members(id);
            answer.put("result", result);
            return new JsonObject(answer);
        } catch (RuntimeException e) {
            return error(id, Refusals.of(e));
        }
    }

    private static JsonNode error(JsonNode id, ServiceException why) {
        if (why.kind() == ErrorKind.INTERNAL_ERROR || why.kind() == ErrorKind.STORAGE_ERROR) {
            LOG.error("a JSON-RPC call failed", why);
        }
        boolean isOfParams = why.kind() == ErrorKind.INVALID_REQUEST || why.kind() == ErrorKind.LIMIT_EXCEEDED;
        return isOfParams
                ? error(id, INVALID_PARAMS, "Invalid params", why.text())
                : error(id, APPLICATION_ERROR, why.text(), null);
    }

    private static JsonNode error(JsonNode id, int code, String message, @Nullable String data) {
        Map<String, JsonNode> error = new LinkedHashMap<>();
        error.put("code", new JsonNumber(Integer.toString(code)));
        error.put("message", new JsonString(message));
        if (data != null) {
            error.put("data", new JsonString(data));
        }
        Map<String, JsonNode> answer = members(id);
        answer.put("error", new JsonObject(error));
        return new JsonObject(answer);
    }

    private static Map<String, JsonNode> members(JsonNode id) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        members.put("jsonrpc", new JsonString("2.0"));
        members.put("id", id);
        return members;
    }
}
