package io.statehouse.node.agent;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonBoolean;
import io.statehouse.statemachine.json.JsonNode.JsonNull;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonSyntaxException;
import io.statehouse.statemachine.json.JsonWriter;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object with its members in order, as it is put together and taken apart. */
final class Doc {
    static final JsonNode NULL = new JsonNull();

    /** Values were parsed before they were kept, so this only has to be no smaller than what is kept. */
    private static final int DEPTH_MAX = 1_000;

    private final Map<String, JsonNode> members;

    private Doc(Map<String, JsonNode> members) {
        this.members = new LinkedHashMap<>(members);
    }

    static Doc empty() {
        return new Doc(Map.of());
    }

    static Doc of(JsonNode object) {
        return new Doc(((JsonObject) object).members());
    }

    static Doc parse(Json json) {
        return of(node(json));
    }

    static JsonNode node(Json json) {
        try {
            return JsonParser.parse(json.utf8(), DEPTH_MAX);
        } catch (JsonSyntaxException e) {
            throw new IllegalStateException("a kept value is not JSON", e);
        }
    }

    Doc with(String name, @Nullable JsonNode value) {
        members.put(name, value == null ? NULL : value);
        return this;
    }

    Doc with(String name, @Nullable String value) {
        return with(name, value == null ? NULL : string(value));
    }

    Doc with(String name, long value) {
        return with(name, new JsonNumber(Long.toString(value)));
    }

    Doc with(String name, boolean value) {
        return with(name, new JsonBoolean(value));
    }

    JsonNode node(String name) {
        return members.getOrDefault(name, NULL);
    }

    boolean has(String name) {
        return !(node(name) instanceof JsonNull);
    }

    /** The text of a member; empty when it holds none. */
    String text(String name) {
        return node(name) instanceof JsonString string ? string.value() : "";
    }

    long number(String name) {
        return node(name) instanceof JsonNumber number ? Long.parseLong(number.text()) : 0;
    }

    JsonNode toNode() {
        return new JsonObject(members);
    }

    Json toJson() {
        return JsonWriter.write(toNode());
    }

    static JsonNode string(String value) {
        return new JsonString(value);
    }

    static JsonNode list(List<? extends JsonNode> items) {
        return new JsonArray(List.copyOf(items));
    }

    /** RFC 3339, UTC. */
    static String time(long millis) {
        return DateTimeFormatter.ISO_INSTANT.format(Instant.ofEpochMilli(millis));
    }
}
