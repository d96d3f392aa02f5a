package io.statehouse.cli;

import io.statehouse.client.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the JSON form of a dump. */
final class DumpText {
    private DumpText() {}

    /** The values by their keys, in the order of the dump. */
    static Map<String, Json> parse(String text) {
        try {
            Json.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Complaint("the dump: " + e.getMessage(), e);
        }
        requireObject(text.strip(), "the dump");
        Map<String, Json> values = new LinkedHashMap<>();
        for (var entry : JsonText.fields(text)) {
            if (values.put(entry.name(), value(entry)) != null) {
                throw new Complaint("the dump has the key '" + entry.name() + "' twice");
            }
        }
        return values;
    }

    private static Json value(JsonText.Field entry) {
        requireObject(entry.json(), "the dump's key '" + entry.name() + "'");
        return JsonText.fields(entry.json()).stream()
                .filter(field -> field.name().equals("value"))
                .map(field -> Json.parse(field.json()))
                .findFirst()
                .orElseThrow(() -> new Complaint("the dump's key '" + entry.name() + "' has no value"));
    }

    private static void requireObject(String json, String what) {
        if (!json.startsWith("{")) {
            throw new Complaint(what + " must be a JSON object, as dump writes it");
        }
    }
}
