package io.statehouse.statemachine.json;

import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonPatch.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * What makes one JSON value of another, as a patch of adds, removes and replaces: applied to the first it gives the second.
 *
 * <p>Objects are compared name by name. Arrays keep what they share at both ends; what lies between is replaced position by
 * position, then added or removed. That is linear in the values and readable, not minimal.
 */
public final class JsonDiff {
    private final List<Step> steps = new ArrayList<>();

    private JsonDiff() {}

    public static JsonPatch between(JsonNode before, JsonNode after) {
        var diff = new JsonDiff();
        diff.compare(JsonPointer.ROOT, before, after);
        return new JsonPatch(diff.steps);
    }

    private void compare(JsonPointer path, JsonNode before, JsonNode after) {
        if (before instanceof JsonObject was && after instanceof JsonObject is) {
            compareObjects(path, was, is);
        } else if (before instanceof JsonArray was && after instanceof JsonArray is) {
            compareArrays(path, was.items(), is.items());
        } else if (!before.means(after)) {
            steps.add(new Step.Replace(path, after));
        }
    }

    private void compareObjects(JsonPointer path, JsonObject was, JsonObject is) {
        for (String name : was.members().keySet()) {
            if (!is.members().containsKey(name)) {
                steps.add(new Step.Remove(path.child(name)));
            }
        }
        for (var member : is.members().entrySet()) {
            JsonNode before = was.members().get(member.getKey());
            if (before == null) {
                steps.add(new Step.Add(path.child(member.getKey()), member.getValue()));
            } else {
                compare(path.child(member.getKey()), before, member.getValue());
            }
        }
    }

    private void compareArrays(JsonPointer path, List<JsonNode> was, List<JsonNode> is) {
        int shorter = Math.min(was.size(), is.size());
        int head = 0;
        while (head < shorter && was.get(head).means(is.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < shorter - head && was.get(was.size() - 1 - tail).means(is.get(is.size() - 1 - tail))) {
            tail++;
        }
        int paired = shorter - tail;
        for (int i = head; i < paired; i++) {
            compare(path.child(String.valueOf(i)), was.get(i), is.get(i));
        }
        for (int i = was.size() - tail - 1; i >= paired; i--) {
            steps.add(new Step.Remove(path.child(String.valueOf(i))));
        }
        for (int i = paired; i < is.size() - tail; i++) {
            steps.add(new Step.Add(path.child(String.valueOf(i)), is.get(i)));
        }
    }
}
