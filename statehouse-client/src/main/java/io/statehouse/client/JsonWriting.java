package io.statehouse.client;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain Java values to JSON text and back. */
final class JsonWriting {
    static final TypeAdapter<JsonElement> ELEMENTS = new Gson().getAdapter(JsonElement.class);

    private static final int DEPTH_MAX = 255;

    private JsonWriting() {}

    static String write(@Nullable Object value) {
        var text = new StringWriter();
        try (var writer = new JsonWriter(text)) {
            writer.setSerializeNulls(true);
            writer.setHtmlSafe(false);
            write(value, writer, 0);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void write(@Nullable Object value, JsonWriter writer, int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException("nests deeper than " + DEPTH_MAX + " levels");
        }
        if (value == null) {
            writer.nullValue();
        } else if (value instanceof Json json) {
            writer.jsonValue(json.text());
        } else if (value instanceof Map<?, ?> map) {
            writeObject(map, writer, depth);
        } else if (value instanceof Iterable<?> elements) {
            writer.beginArray();
            for (Object element : elements) {
                write(element, writer, depth + 1);
            }
            writer.endArray();
        } else if (value instanceof Boolean truth) {
            writer.value(truth);
        } else if (value instanceof Number number) {
            writer.jsonValue(digits(number));
        } else if (value instanceof CharSequence text) {
            writer.value(requireWellFormed(text.toString()));
        } else {
            throw new IllegalArgumentException(
                    "JSON has no form for " + value.getClass().getName());
        }
    }

    private static void writeObject(Map<?, ?> map, JsonWriter writer, int depth) throws IOException {
        writer.beginObject();
        for (var field : map.entrySet()) {
            if (!(field.getKey() instanceof String name)) {
                throw new IllegalArgumentException("a JSON object's field names are strings");
            }
            writer.name(requireWellFormed(name));
            write(field.getValue(), writer, depth + 1);
        }
        writer.endObject();
    }

    private static String digits(Number number) {
        if (number instanceof Double || number instanceof Float) {
            if (!Double.isFinite(number.doubleValue())) {
                throw new IllegalArgumentException("JSON has no form for " + number);
            }
            return number.toString();
        }
        if (number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte
                || number instanceof BigInteger
                || number instanceof BigDecimal) {
            return number.toString();
        }
        throw new IllegalArgumentException(
                "JSON has no form for " + number.getClass().getName());
    }

    // Half of a surrogate pair has no UTF-8 form: it would arrive as a question mark.
    static String requireWellFormed(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("text holds half of a surrogate pair");
        }
        return text;
    }

    static @Nullable Object toJava(JsonElement element) {
        if (element.isJsonNull()) {
            return null;
        }
        if (element.isJsonArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            element.getAsJsonArray().forEach(e -> list.add(toJava(e)));
            return Collections.unmodifiableList(list);
        }
        if (element.isJsonObject()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            element.getAsJsonObject().entrySet().forEach(e -> map.put(e.getKey(), toJava(e.getValue())));
            return Collections.unmodifiableMap(map);
        }
        return toJava(element.getAsJsonPrimitive());
    }

    private static Object toJava(JsonPrimitive primitive) {
        if (primitive.isBoolean()) {
            return primitive.getAsBoolean();
        }
        if (primitive.isString()) {
            return primitive.getAsString();
        }
        String digits = primitive.getAsString();
        if (digits.chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E')) {
            return new BigDecimal(digits);
        }
        var whole = new BigInteger(digits);
        return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
    }
}
