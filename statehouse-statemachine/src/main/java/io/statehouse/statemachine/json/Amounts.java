package io.statehouse.statemachine.json;

import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Adds numbers to numbers at the same places, exactly: a thousand times 0.001 is 1.000. */
public final class Amounts {
    private Amounts() {}

    /**
     * The target with each number of the amounts added to the one at its place; where there is none, to zero.
     *
     * @param target null = there is nothing yet
     * @param amounts a number, or an object of amounts
     * @param digitsMax the most digits of any number, before and after the point together
     */
    public static JsonNode add(@Nullable JsonNode target, JsonNode amounts, int digitsMax) throws JsonPatchException {
        return add(target, amounts, JsonPointer.ROOT, digitsMax);
    }

    private static JsonNode add(@Nullable JsonNode target, JsonNode amounts, JsonPointer at, int digitsMax)
            throws JsonPatchException {
        if (amounts instanceof JsonObject object) {
            return addAll(target, object, at, digitsMax);
        }
        if (!(amounts instanceof JsonNumber amount)) {
            throw new JsonPatchException("an amount at '" + at + "' is neither a number nor an object of amounts");
        }
        if (target == null) {
            return new JsonNumber(decimal(amount, at, digitsMax).toPlainString());
        }
        if (!(target instanceof JsonNumber number)) {
            throw new JsonPatchException("there is no number to add to at '" + at + "'");
        }
        BigDecimal sum = decimal(number, at, digitsMax).add(decimal(amount, at, digitsMax));
        return new JsonNumber(bounded(sum, at, digitsMax).toPlainString());
    }

    private static JsonNode addAll(@Nullable JsonNode target, JsonObject amounts, JsonPointer at, int digitsMax)
            throws JsonPatchException {
        if (target != null && !(target instanceof JsonObject)) {
            throw new JsonPatchException("there is no object to add to at '" + at + "'");
        }
        var members = new LinkedHashMap<String, JsonNode>();
        if (target instanceof JsonObject object) {
            members.putAll(object.members());
        }
        for (var amount : amounts.members().entrySet()) {
            JsonNode before = members.get(amount.getKey());
            members.put(amount.getKey(), add(before, amount.getValue(), at.child(amount.getKey()), digitsMax));
        }
        return new JsonObject(members);
    }

    private static BigDecimal decimal(JsonNumber number, JsonPointer at, int digitsMax) throws JsonPatchException {
        try {
            return bounded(new BigDecimal(number.text()), at, digitsMax);
        } catch (NumberFormatException e) {
            throw tooLong(at, digitsMax);
        }
    }

    /** Before it is written out: a short text such as 1e999999999 stands for very many digits. */
    private static BigDecimal bounded(BigDecimal number, JsonPointer at, int digitsMax) throws JsonPatchException {
        long fraction = Math.max(0L, number.scale());
        long whole = Math.max(0L, (long) number.precision() - number.scale());
        if (whole + fraction > digitsMax) {
            throw tooLong(at, digitsMax);
        }
        return number;
    }

    private static JsonPatchException tooLong(JsonPointer at, int digitsMax) {
        return new JsonPatchException("the number at '" + at + "' has more than " + digitsMax + " digits");
    }
}
