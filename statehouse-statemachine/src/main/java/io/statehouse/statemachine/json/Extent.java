package io.statehouse.statemachine.json;

import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import java.util.ArrayDeque;
import java.util.Deque;

/** How deep and how large a value is. */
final class Extent {
    /** What separates a value from the next, and the shortest scalar. */
    private static final int BYTES_PER_NODE = 2;

    private Extent() {}

    /** How deeply arrays and objects nest; a scalar has depth 0. */
    static int depth(JsonNode node) {
        int deepest = 0;
        if (node instanceof JsonArray array) {
            for (JsonNode item : array.items()) {
                deepest = Math.max(deepest, depth(item));
            }
            return deepest + 1;
        }
        if (node instanceof JsonObject object) {
            for (JsonNode member : object.members().values()) {
                deepest = Math.max(deepest, depth(member));
            }
            return deepest + 1;
        }
        return 0;
    }

    /** About how long its text is; counting ends behind the bound. */
    static long bytes(JsonNode node, long bound) {
        long bytes = 0;
        Deque<JsonNode> left = new ArrayDeque<>();
        left.push(node);
        while (!left.isEmpty() && bytes <= bound) {
            bytes += BYTES_PER_NODE;
            switch (left.pop()) {
                case JsonArray array -> array.items().forEach(left::push);
                case JsonObject object -> {
                    for (var member : object.members().entrySet()) {
                        bytes += member.getKey().length();
                        left.push(member.getValue());
                    }
                }
                case JsonString string -> bytes += string.value().length();
                case JsonNode.JsonNumber number -> bytes += number.text().length();
                case JsonNode.JsonBoolean ignored -> {}
                case JsonNode.JsonNull ignored -> {}
            }
        }
        return bytes;
    }
}
