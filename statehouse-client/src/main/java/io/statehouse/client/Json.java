package io.statehouse.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value, kept as the text it was written with: numbers of any size and the order of fields survive unchanged.
 *
 * <p>Two values are equal when their texts are: {@code 1} and {@code 1.0} differ. The server keeps and returns the text
 * byte for byte. Its default limits: 1 MiB of UTF-8 text, 200 levels of nesting.
 */
public final class Json {
    /** JSON's {@code null}; a stored value like any other, not the absence of one. */
    public static final Json NULL = new Json("null");

    /** The empty object. */
    public static final Json EMPTY_OBJECT = new Json("{}");

    private final String text;

    private Json(String text) {
        this.text = text;
    }

    /**
     * Takes text that is one JSON value (RFC 8259), as it is.
     *
     * @throws IllegalArgumentException if it is not; the message names the place, never the contents
     */
    public static Json parse(String text) {
        JsonWriting.requireWellFormed(text);
        try (var reader = strictReader(text)) {
            walk(reader);
        } catch (IOException | IllegalStateException e) {
            throw new IllegalArgumentException("not one JSON value: " + placeIn(e), e);
        }
        return new Json(text);
    }

    /**
     * Writes a value built of maps with string keys, lists (or other iterables), strings, booleans, numbers, nulls and
     * {@code Json}. Integers and decimals keep every digit.
     *
     * @throws IllegalArgumentException if it holds anything else, such as NaN, or nests deeper than 255 levels
     */
    public static Json of(@Nullable Object value) {
        if (value instanceof Json json) {
            return json;
        }
        return new Json(JsonWriting.write(value));
    }

    /** Wraps text that a server sent, which has checked it. */
    static Json ofTrusted(String text) {
        return new Json(text);
    }

    /** The text, exactly as it was written. */
    public String text() {
        return text;
    }

    /** How long the text is in UTF-8: what the server's limit on values counts. */
    public int utf8Length() {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * The value as plain Java: {@code Map<String, Object>} in the order of the text, {@code List<Object>},
     * {@code String}, {@code Boolean}, {@code null}; whole numbers as {@code Long} or, beyond 64 bits,
     * {@code BigInteger}; numbers with a fraction or an exponent as {@code BigDecimal}.
     *
     * @throws IllegalStateException if the text nests deeper than 255 levels
     */
    public @Nullable Object toJava() {
        try (var reader = strictReader(text)) {
            JsonElement element = JsonWriting.ELEMENTS.read(reader);
            return JsonWriting.toJava(element);
        } catch (IOException | JsonParseException e) {
            throw new IllegalStateException("this JSON value cannot be taken apart: " + placeIn(e), e);
        }
    }

    /**
     * The fields of an object, as {@link #toJava()} gives them.
     *
     * @throws IllegalStateException if this is not an object
     */
    @SuppressWarnings("unchecked") // toJava makes maps with string keys only
    public Map<String, @Nullable Object> toMap() {
        if (toJava() instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new IllegalStateException("this JSON value is not an object");
    }

    /**
     * The elements of an array, as {@link #toJava()} gives them.
     *
     * @throws IllegalStateException if this is not an array
     */
    @SuppressWarnings("unchecked") // an unchecked view of a list that toJava made
    public List<@Nullable Object> toList() {
        if (toJava() instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        throw new IllegalStateException("this JSON value is not an array");
    }

    /**
     * The number this is.
     *
     * @throws IllegalStateException if this is not a whole number of 64 bits
     */
    public long longValue() {
        if (toJava() instanceof Long number) {
            return number;
        }
        throw new IllegalStateException("this JSON value is not a whole number of 64 bits");
    }

    /**
     * The string this is, without its quotes and escapes.
     *
     * @throws IllegalStateException if this is not a string
     */
    public String stringValue() {
        if (toJava() instanceof String string) {
            return string;
        }
        throw new IllegalStateException("this JSON value is not a string");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Json json && json.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }

    private static JsonReader strictReader(String text) {
        var reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        return reader;
    }

    // Skipping a value would let control characters inside strings pass; reading it does not.
    private static void walk(JsonReader reader) throws IOException {
        for (JsonToken token = reader.peek(); token != JsonToken.END_DOCUMENT; token = reader.peek()) {
            switch (token) {
                case BEGIN_ARRAY -> reader.beginArray();
                case END_ARRAY -> reader.endArray();
                case BEGIN_OBJECT -> reader.beginObject();
                case END_OBJECT -> reader.endObject();
                case NAME -> {
                    String unusedName = reader.nextName();
                }
                case STRING, NUMBER -> {
                    String unusedText = reader.nextString();
                }
                case BOOLEAN -> {
                    boolean unusedTruth = reader.nextBoolean();
                }
                case NULL -> reader.nextNull();
                case END_DOCUMENT -> throw new AssertionError("the loop ends there");
            }
        }
    }

    // The parser's messages end in " at line 1 column 2 path $.a"; what stands before may quote the value.
    private static String placeIn(Exception e) {
        String message = String.valueOf(e.getMessage());
        int place = message.indexOf("line ");
        return place < 0
                ? "the text ends early"
                : message.substring(place).lines().findFirst().orElse("");
    }
}
