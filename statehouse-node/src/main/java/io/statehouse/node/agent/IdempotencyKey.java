package io.statehouse.node.agent;

import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The names under which a tool is called once. One that is made up depends on what is asked alone: on no clock, and no order of members. */
final class IdempotencyKey {
    /** 128 bits. */
    private static final int HASH_DIGITS = 32;

    /** About: digits before and behind the point count in it. */
    private static final int EXPONENT_MAX = Integer.MAX_VALUE;

    private static final int DATE_CHARS = "YYYY-MM-DD".length();

    private IdempotencyKey() {}

    /** The key of an execution that was asked for without one. */
    static String auto(ExecutionMethods.Wanted wanted, Doc goal) {
        String day = goal.text("created_at").substring(0, DATE_CHARS).replace("-", "");
        JsonNode asked = Doc.list(List.of(
                Doc.string(wanted.userId()),
                Doc.string(wanted.sessionId()),
                Doc.string(wanted.goalId()),
                Doc.string(wanted.toolName()),
                canonical("tool_input", wanted.toolInput())));
        return "auto:" + wanted.toolName() + ":" + day + ":"
                + hash(JsonWriter.text(asked)).substring(0, HASH_DIGITS);
    }

    /** What stands for the parameters of a call: the same for the same members in any order. */
    static String ofParams(JsonNode params) {
        return hash(JsonWriter.text(canonical(params, UnaryOperator.identity())))
                .substring(0, HASH_DIGITS);
    }

    /** What stands for a key of any length. */
    static String hash(String key) {
        return HexFormat.of().formatHex(Sha256.of(key.getBytes(StandardCharsets.UTF_8)));
    }

    /** The same for values that mean the same: members in order, numbers by their value. One beyond all reason is refused. */
    static JsonNode canonical(String field, JsonNode node) {
        return canonical(node, number -> canonical(field, number));
    }

    private static JsonNode canonical(JsonNode node, UnaryOperator<JsonNumber> numbers) {
        if (node instanceof JsonObject object) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            object.members().forEach((name, value) -> sorted.put(name, canonical(value, numbers)));
            return new JsonObject(sorted);
        }
        if (node instanceof JsonArray array) {
            return new JsonArray(
                    array.items().stream().map(item -> canonical(item, numbers)).toList());
        }
        return node instanceof JsonNumber number ? numbers.apply(number) : node;
    }

    private static JsonNumber canonical(String field, JsonNumber number) {
        try {
            BigDecimal value = new BigDecimal(number.text()).stripTrailingZeros();
            return new JsonNumber(value.signum() == 0 ? "0" : value.toString());
        } catch (ArithmeticException | NumberFormatException e) {
            throw Refusals.invalid(field, "holds a number with an exponent beyond " + EXPONENT_MAX);
        }
    }
}
