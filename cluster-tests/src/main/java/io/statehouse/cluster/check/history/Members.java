package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members of one JSON object, written in their order and read by their names. */
public final class Members {
    private static final int KEY_PARTS = 3;
    private static final int DEPTH_MAX = 32;

    private final Map<String, JsonNode> members;

    private Members(Map<String, JsonNode> members) {
        this.members = members;
    }

    static Members of(String type) {
        return new Members(new LinkedHashMap<>()).text("t", type);
    }

    static Members empty() {
        return new Members(new LinkedHashMap<>());
    }

    /** The members of a JSON object, such as the parameters of a call. */
    public static Members parse(Json json) {
        return read(node(json));
    }

    /** The same of an answer; null when it is no object. */
    public static @Nullable Members parseObject(Json json) {
        return node(json) instanceof JsonObject object ? new Members(object.members()) : null;
    }

    private static JsonNode node(Json json) {
        try {
            return JsonParser.parse(json.utf8(), DEPTH_MAX);
        } catch (JsonSyntaxException e) {
            throw new HistoryFormatException("no JSON: " + json, e);
        }
    }

    public static Members read(JsonNode node) {
        if (node instanceof JsonObject object) {
            return new Members(object.members());
        }
        throw new HistoryFormatException("not an object: " + node);
    }

    JsonObject toNode() {
        return new JsonObject(members);
    }

    Members text(String name, String value) {
        members.put(name, new JsonString(value));
        return this;
    }

    Members number(String name, long value) {
        members.put(name, numberNode(value));
        return this;
    }

    Members flag(String name, boolean value) {
        members.put(name, new JsonNode.JsonBoolean(value));
        return this;
    }

    Members commitTs(String name, CommitTs value) {
        return number(name, value.value());
    }

    Members txn(TxnId id) {
        return text("txn", id.value());
    }

    Members key(Key key) {
        return put("key", keyNode(key));
    }

    Members agent(Agent agent) {
        return text("ns", agent.namespace()).text("agent", agent.id());
    }

    /** JSON text travels as a string, so that it arrives byte for byte. Null is left out. */
    Members json(String name, @Nullable Json value) {
        return value == null ? this : text(name, value.toString());
    }

    Members put(String name, JsonNode value) {
        members.put(name, value);
        return this;
    }

    <T> Members list(String name, List<T> items, Function<T, JsonNode> encode) {
        return put(name, new JsonArray(items.stream().map(encode).toList()));
    }

    public boolean has(String name) {
        return members.containsKey(name);
    }

    public JsonNode node(String name) {
        JsonNode node = members.get(name);
        if (node == null) {
            throw new HistoryFormatException("member " + name + " is missing");
        }
        return node;
    }

    public Members object(String name) {
        return read(node(name));
    }

    public String text(String name) {
        return textOf(node(name));
    }

    public long number(String name) {
        return numberOf(node(name));
    }

    /** A number, or another one where there is none. */
    public long numberOr(String name, long other) {
        return members.get(name) instanceof JsonNumber number ? numberOf(number) : other;
    }

    public boolean flag(String name) {
        return node(name) instanceof JsonNode.JsonBoolean flag && flag.value();
    }

    CommitTs commitTs(String name) {
        return new CommitTs(number(name));
    }

    TxnId txn() {
        return new TxnId(text("txn"));
    }

    Key key() {
        List<String> parts = list("key", Members::textOf);
        if (parts.size() != KEY_PARTS) {
            throw new HistoryFormatException("a key has three parts, not " + parts.size());
        }
        return new Agent(parts.get(0), parts.get(1)).key(parts.get(2));
    }

    Agent agent() {
        return new Agent(text("ns"), text("agent"));
    }

    @Nullable
    Json jsonOrNull(String name) {
        return has(name) ? json(name) : null;
    }

    Json json(String name) {
        return Json.ofTrusted(text(name).getBytes(StandardCharsets.UTF_8));
    }

    public <T> List<T> list(String name, Function<JsonNode, T> decode) {
        return listOf(node(name), decode);
    }

    static <T> List<T> listOf(JsonNode node, Function<JsonNode, T> decode) {
        if (!(node instanceof JsonArray array)) {
            throw new HistoryFormatException("not an array: " + node);
        }
        List<T> items = new ArrayList<>(array.items().size());
        for (JsonNode item : array.items()) {
            items.add(decode.apply(item));
        }
        return items;
    }

    static JsonNode numberNode(long value) {
        return new JsonNumber(Long.toString(value));
    }

    static long numberOf(JsonNode node) {
        if (node instanceof JsonNumber number) {
            try {
                return Long.parseLong(number.text());
            } catch (NumberFormatException e) {
                throw new HistoryFormatException("not a whole number: " + number.text(), e);
            }
        }
        throw new HistoryFormatException("not a number: " + node);
    }

    static String textOf(JsonNode node) {
        if (node instanceof JsonString string) {
            return string.value();
        }
        throw new HistoryFormatException("not a string: " + node);
    }

    private static JsonNode keyNode(Key key) {
        return new JsonArray(List.of(
                new JsonString(key.agent().namespace()),
                new JsonString(key.agent().id()),
                new JsonString(key.name())));
    }
}
