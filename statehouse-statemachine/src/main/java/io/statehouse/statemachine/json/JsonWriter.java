package io.statehouse.statemachine.json;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonBoolean;
import io.statehouse.statemachine.json.JsonNode.JsonNull;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import java.nio.charset.StandardCharsets;

/** Writes a tree as compact JSON: members in their order, numbers as they came, only what must be escaped escaped. */
public final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private JsonWriter() {}

    public static Json write(JsonNode node) {
        return Json.ofTrusted(text(node).getBytes(StandardCharsets.UTF_8));
    }

    /** The compact text. */
    public static String text(JsonNode node) {
        var out = new StringBuilder();
        append(out, node);
        return out.toString();
    }

    private static void append(StringBuilder out, JsonNode node) {
        switch (node) {
            case JsonNull ignored -> out.append("null");
            case JsonBoolean bool -> out.append(bool.value());
            case JsonNumber number -> out.append(number.text());
            case JsonString string -> appendString(out, string.value());
            case JsonArray array -> {
                String separator = "[";
                for (var item : array.items()) {
                    append(out.append(separator), item);
                    separator = ",";
                }
                out.append(array.items().isEmpty() ? "[]" : "]");
            }
            case JsonObject object -> {
                String separator = "{";
                for (var member : object.members().entrySet()) {
                    appendString(out.append(separator), member.getKey());
                    append(out.append(':'), member.getValue());
                    separator = ",";
                }
                out.append(object.members().isEmpty() ? "{}" : "}");
            }
        }
    }

    private static void appendString(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
