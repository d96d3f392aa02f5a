package io.statehouse.node.agent;

import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field that an update may change.
 *
 * @param words what a word may be; empty for other kinds
 */
record Field(String name, Kind kind, List<String> words) {
    /** What a field holds. */
    enum Kind {
        TEXT,
        TEXT_OR_NULL,
        UUID_OR_NULL,
        TIME_OR_NULL,
        NUMBERS_OR_NULL,
        WORD,
        OBJECT,
        TEXTS,
        ANY
    }

    static Field of(String name, Kind kind) {
        return new Field(name, kind, List.of());
    }

    static Field word(String name, List<String> words) {
        return new Field(name, Kind.WORD, words);
    }

    /** Puts the fields that an object gives into a document; those that it does not give stay. */
    static void copy(List<Field> fields, Params given, Doc into) {
        for (Field field : fields) {
            if (given.has(field.name)) {
                into.with(field.name, field.value(given));
            } else if (given.isGiven(field.name) && field.mayBeNull()) {
                into.with(field.name, Doc.NULL);
            }
        }
    }

    private boolean mayBeNull() {
        return switch (kind) {
            case TEXT_OR_NULL, UUID_OR_NULL, TIME_OR_NULL, NUMBERS_OR_NULL, ANY -> true;
            case TEXT, WORD, OBJECT, TEXTS -> false;
        };
    }

    private JsonNode value(Params given) {
        return switch (kind) {
            case TEXT, TEXT_OR_NULL -> Doc.string(given.text(name));
            case UUID_OR_NULL -> Doc.string(given.uuid(name));
            case TIME_OR_NULL -> Doc.string(Doc.time(millis(name, given.text(name))));
            case NUMBERS_OR_NULL -> numbers(given);
            case WORD -> Doc.string(given.word(name, words, null));
            case OBJECT -> orNull(given.optionalObject(name));
            case TEXTS -> Doc.list(given.texts(name).stream().map(Doc::string).toList());
            case ANY -> given.requiredAny(name);
        };
    }

    private static JsonNode orNull(@Nullable JsonObject object) {
        return object == null ? Doc.NULL : object;
    }

    private JsonNode numbers(Params given) {
        JsonArray array = given.optionalArray(name);
        if (array == null || !array.items().stream().allMatch(JsonNumber.class::isInstance)) {
            throw Refusals.invalid(name, "not an array of numbers");
        }
        return array;
    }

    /** Milliseconds since 1970 of an RFC 3339 time. */
    static long millis(String name, String time) {
        try {
            return Instant.parse(time).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw Refusals.invalid(name, "not an RFC 3339 time in UTC");
        }
    }
}
