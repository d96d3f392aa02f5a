package io.statehouse.node.agent;

import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonBoolean;
import io.statehouse.statemachine.json.JsonNode.JsonNull;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a call was given, by name. A missing or malformed one is refused with its name; null is the same as absent. */
final class Params {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private final Map<String, JsonNode> given;

    private Params(Map<String, JsonNode> given) {
        this.given = given;
    }

    /** @param names in the order in which an array gives them */
    static Params of(JsonNode params, List<String> names) {
        return switch (params) {
            case JsonObject object -> new Params(object.members());
            case JsonArray array -> new Params(positional(array, names));
            case JsonNull none -> new Params(Map.of());
            case JsonBoolean other -> throw notParams();
            case JsonNumber other -> throw notParams();
            case JsonString other -> throw notParams();
        };
    }

    private static RuntimeException notParams() {
        return Refusals.invalid("params", "neither an object nor an array");
    }

    private static Map<String, JsonNode> positional(JsonArray array, List<String> names) {
        if (array.items().size() > names.size()) {
            throw Refusals.invalid("params", "at most " + names.size() + " are taken: " + String.join(", ", names));
        }
        Map<String, JsonNode> given = new LinkedHashMap<>();
        for (int index = 0; index < array.items().size(); index++) {
            given.put(names.get(index), array.items().get(index));
        }
        return given;
    }

    boolean has(String name) {
        return !(given.getOrDefault(name, Doc.NULL) instanceof JsonNull);
    }

    /** All that was given. */
    JsonNode toNode() {
        return new JsonObject(given);
    }

    /** Whether it was given at all, as null too. */
    boolean isGiven(String name) {
        return given.containsKey(name);
    }

    /** Any JSON; null = absent. */
    @Nullable
    JsonNode any(String name) {
        return has(name) ? given.get(name) : null;
    }

    JsonNode requiredAny(String name) {
        JsonNode value = given.get(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    Params object(String name) {
        if (!has(name)) {
            throw missing(name);
        }
        if (given.get(name) instanceof JsonObject object) {
            return new Params(object.members());
        }
        throw Refusals.invalid(name, "not an object");
    }

    @Nullable
    JsonObject optionalObject(String name) {
        if (!has(name)) {
            return null;
        }
        if (given.get(name) instanceof JsonObject object) {
            return object;
        }
        throw Refusals.invalid(name, "not an object");
    }

    @Nullable
    JsonArray optionalArray(String name) {
        if (!has(name)) {
            return null;
        }
        if (given.get(name) instanceof JsonArray array) {
            return array;
        }
        throw Refusals.invalid(name, "not an array");
    }

    @Nullable
    String optionalText(String name) {
        if (!has(name)) {
            return null;
        }
        if (given.get(name) instanceof JsonString string) {
            return string.value();
        }
        throw Refusals.invalid(name, "not a string");
    }

    String text(String name) {
        String value = optionalText(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /** A text that is not empty. */
    String name(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            throw Refusals.invalid(name, "empty");
        }
        return value;
    }

    List<String> texts(String name) {
        JsonArray array = optionalArray(name);
        if (array == null) {
            return List.of();
        }
        return array.items().stream()
                .map(item -> {
                    if (item instanceof JsonString string) {
                        return string.value();
                    }
                    throw Refusals.invalid(name, "not an array of strings");
                })
                .toList();
    }

    String uuid(String name) {
        return requireUuid(name, text(name));
    }

    @Nullable
    String optionalUuid(String name) {
        String value = optionalText(name);
        return value == null ? null : requireUuid(name, value);
    }

    private static String requireUuid(String name, String value) {
        if (!UUID.matcher(value).matches()) {
            throw Refusals.invalid(name, "not a hyphenated UUID: " + shown(value));
        }
        return value.toLowerCase(Locale.ROOT);
    }

    /** A whole number; absent = the fallback. */
    long whole(String name, long fallback, long max) {
        if (!has(name)) {
            return fallback;
        }
        if (given.get(name) instanceof JsonNumber number && number.text().matches("[0-9]{1,18}")) {
            long value = Long.parseLong(number.text());
            if (value > max) {
                throw Refusals.invalid(name, value + " is more than " + max);
            }
            return value;
        }
        throw Refusals.invalid(name, "not a whole number from 0 to " + max);
    }

    /** A whole number that must be given. */
    long number(String name) {
        if (!has(name)) {
            throw missing(name);
        }
        return whole(name, 0, Long.MAX_VALUE);
    }

    /** Any number, as it was written; null = absent. */
    @Nullable
    JsonNumber optionalNumber(String name) {
        if (!has(name)) {
            return null;
        }
        if (given.get(name) instanceof JsonNumber number) {
            return number;
        }
        throw Refusals.invalid(name, "not a number");
    }

    /** Absent = false. */
    boolean flag(String name) {
        if (!has(name)) {
            return false;
        }
        if (given.get(name) instanceof JsonBoolean flag) {
            return flag.value();
        }
        throw Refusals.invalid(name, "neither true nor false");
    }

    /** One of some words; absent = the fallback, and without one it is missing. */
    String word(String name, List<String> words, @Nullable String fallback) {
        String value = optionalText(name);
        if (value == null && fallback == null) {
            throw missing(name);
        }
        if (value == null) {
            return String.valueOf(fallback);
        }
        if (!words.contains(value)) {
            throw Refusals.invalid(name, "not one of " + String.join(", ", words) + ": " + shown(value));
        }
        return value;
    }

    private static final int SHOWN_MAX = 64;

    private static String shown(String value) {
        return value.length() <= SHOWN_MAX ? value : value.substring(0, SHOWN_MAX) + "...";
    }

    private static RuntimeException missing(String name) {
        return Refusals.invalid(name, "missing");
    }
}
