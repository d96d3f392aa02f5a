package io.statehouse.node.agent;

import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonPatchException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A place in a document, as {@code $.plan.steps[0]['a b']}; the {@code $} may be left out. */
record JsonPath(List<String> segments) {
    private static final int SEGMENTS_MAX = 100;
    private static final Pattern SEGMENT =
            Pattern.compile("\\.?([^.\\[\\]'\"]+)|\\[([0-9]{1,9})]|\\['([^']*)']|\\[\"([^\"]*)\"]");

    JsonPath {
        segments = List.copyOf(segments);
    }

    /** What makes a new value of the old one; null = there is none. */
    interface Change {
        JsonNode of(@Nullable JsonNode before) throws JsonPatchException;
    }

    static JsonPath parse(String field, @Nullable String text) {
        String left = text == null ? "" : text.startsWith("$") ? text.substring(1) : text;
        List<String> segments = new ArrayList<>();
        Matcher matcher = SEGMENT.matcher(left);
        while (matcher.regionStart() < left.length()) {
            if (!matcher.lookingAt()) {
                throw Refusals.invalid(field, "not a path of names and indices, such as $.plan.steps[0]");
            }
            for (int group = 1; group <= matcher.groupCount(); group++) {
                if (matcher.group(group) != null) {
                    segments.add(matcher.group(group));
                }
            }
            matcher.region(matcher.end(), left.length());
        }
        if (segments.size() > SEGMENTS_MAX) {
            throw Refusals.limitExceeded("pathSegmentsMax", SEGMENTS_MAX, segments.size());
        }
        return new JsonPath(segments);
    }

    /** What is there, as an object: a scalar or a list under the path's last name, and nothing as an empty one. */
    JsonObject find(JsonNode document) {
        JsonNode found = document;
        for (String segment : segments) {
            found = found == null ? null : child(found, segment);
        }
        if (found == null) {
            return JsonObject.EMPTY;
        }
        return found instanceof JsonObject object
                ? object
                : new JsonObject(Map.of(segments.get(segments.size() - 1), found));
    }

    private static @Nullable JsonNode child(JsonNode node, String segment) {
        if (node instanceof JsonObject object) {
            return object.members().get(segment);
        }
        int index = node instanceof JsonArray ? index(segment) : -1;
        return node instanceof JsonArray array
                        && index >= 0
                        && index < array.items().size()
                ? array.items().get(index)
                : null;
    }

    private static int index(String segment) {
        return segment.matches("[0-9]{1,9}") ? Integer.parseInt(segment) : -1;
    }

    /** The document with what is there changed; objects on the way that are not there are made. */
    JsonNode change(JsonNode document, Change change) throws JsonPatchException {
        return change(document, 0, change);
    }

    private JsonNode change(@Nullable JsonNode node, int depth, Change change) throws JsonPatchException {
        if (depth == segments.size()) {
            return change.of(node);
        }
        String segment = segments.get(depth);
        if (node instanceof JsonArray array) {
            int index = index(segment);
            if (index < 0 || index > array.items().size()) {
                throw new JsonPatchException("a list of " + array.items().size() + " has no place " + segment);
            }
            List<JsonNode> items = new ArrayList<>(array.items());
            JsonNode before = index < items.size() ? items.get(index) : null;
            JsonNode after = change(before, depth + 1, change);
            if (before == null) {
                items.add(after);
            } else {
                items.set(index, after);
            }
            return new JsonArray(items);
        }
        if (node != null && !(node instanceof JsonObject)) {
            throw new JsonPatchException("there is neither an object nor a list above " + segment);
        }
        Map<String, JsonNode> members =
                node instanceof JsonObject object ? new LinkedHashMap<>(object.members()) : new LinkedHashMap<>();
        members.put(segment, change(members.get(segment), depth + 1, change));
        return new JsonObject(members);
    }
}
