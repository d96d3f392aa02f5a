package io.statehouse.statemachine.json;

import io.statehouse.statemachine.json.JsonNode.JsonNull;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import java.util.LinkedHashMap;

/** JSON Merge Patch, RFC 7396: members of the patch replace those of the target, null deletes them. */
public final class MergePatch {
    private MergePatch() {}

    public static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof JsonObject changes)) {
            return patch;
        }
        var members = new LinkedHashMap<String, JsonNode>();
        if (target instanceof JsonObject object) {
            members.putAll(object.members());
        }
        for (var change : changes.members().entrySet()) {
            if (change.getValue() instanceof JsonNull) {
                members.remove(change.getKey());
            } else {
                JsonNode before = members.getOrDefault(change.getKey(), new JsonNull());
                members.put(change.getKey(), apply(before, change.getValue()));
            }
        }
        return new JsonObject(members);
    }
}
