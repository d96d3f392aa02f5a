package io.statehouse.statemachine.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON value as a tree. Numbers keep the text they were written with, objects the order of their members.
 *
 * <p>Two nodes are {@code equals} when they are written alike; {@link #means} compares values, so 1.0 means 1 and the
 * order of members does not count.
 */
public sealed interface JsonNode {

    /** The value {@code null}. */
    record JsonNull() implements JsonNode {}

    /** {@code true} or {@code false}. */
    record JsonBoolean(boolean value) implements JsonNode {}

    /** A number, as the text of RFC 8259 that it was written with. */
    record JsonNumber(String text) implements JsonNode {}

    /** A string without lone surrogates. */
    record JsonString(String value) implements JsonNode {}

    /** Values in order. */
    record JsonArray(List<JsonNode> items) implements JsonNode {
        public JsonArray {
            items = List.copyOf(items);
        }

        JsonArray inserting(int index, JsonNode item) {
            var changed = new ArrayList<>(items);
            changed.add(index, item);
            return new JsonArray(changed);
        }

        JsonArray replacing(int index, JsonNode item) {
            var changed = new ArrayList<>(items);
            changed.set(index, item);
            return new JsonArray(changed);
        }

        JsonArray removing(int index) {
            var changed = new ArrayList<>(items);
            changed.remove(index);
            return new JsonArray(changed);
        }
    }

    /** Named values, each name once, in the order they were written. */
    record JsonObject(Map<String, JsonNode> members) implements JsonNode {
        public static final JsonObject EMPTY = new JsonObject(Map.of());

        public JsonObject {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        JsonObject with(String name, JsonNode value) {
            var changed = new LinkedHashMap<>(members);
            changed.put(name, value);
            return new JsonObject(changed);
        }

        JsonObject without(String name) {
            var changed = new LinkedHashMap<>(members);
            changed.remove(name);
            return new JsonObject(changed);
        }
    }

    /** Whether both stand for the same value, as RFC 6902 section 4.6 compares them. */
    default boolean means(JsonNode other) {
        return switch (this) {
            case JsonNull ignored -> other instanceof JsonNull;
            case JsonBoolean ours -> other instanceof JsonBoolean theirs && ours.value == theirs.value;
            case JsonNumber ours ->
                other instanceof JsonNumber theirs && Decimal.of(ours.text).equals(Decimal.of(theirs.text));
            case JsonString ours -> other instanceof JsonString theirs && ours.value.equals(theirs.value);
            case JsonArray ours -> other instanceof JsonArray theirs && itemsMean(ours.items, theirs.items);
            case JsonObject ours -> other instanceof JsonObject theirs && membersMean(ours.members, theirs.members);
        };
    }

    private static boolean itemsMean(List<JsonNode> ours, List<JsonNode> theirs) {
        if (ours.size() != theirs.size()) {
            return false;
        }
        for (int i = 0; i < ours.size(); i++) {
            if (!ours.get(i).means(theirs.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean membersMean(Map<String, JsonNode> ours, Map<String, JsonNode> theirs) {
        if (!ours.keySet().equals(theirs.keySet())) {
            return false;
        }
        for (var member : ours.entrySet()) {
            JsonNode their = theirs.get(member.getKey());
            if (their == null || !member.getValue().means(their)) {
                return false;
            }
        }
        return true;
    }
}
