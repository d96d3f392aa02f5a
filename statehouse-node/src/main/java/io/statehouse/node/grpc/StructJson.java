package io.statehouse.node.grpc;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonSyntaxException;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The two views of one value: the published {@link Struct} and the stored JSON text.
 *
 * <p>Struct to text and back is exact. Text to Struct is as good as doubles are: a number beyond their range becomes the
 * largest finite one, because published clients cannot read infinity. Names are written in order, so that one Struct is one
 * text however its map was laid out on the wire.
 */
final class StructJson {
    /** Under which name a value that is not an object is shown to readers of Structs. */
    static final String WRAPPER = "value";

    /** Whole numbers up to here are exact in a double and are written without a fraction. */
    private static final double WHOLE_MAX = 1L << 53;

    private final int depthMax;

    StructJson(int depthMax) {
        this.depthMax = depthMax;
    }

    /** Writes a Struct as JSON text. */
    Json toJson(Struct struct) {
        return JsonWriter.write(object(struct, 1));
    }

    private JsonNode object(Struct struct, int depth) {
        requireDepth(depth);
        Map<String, JsonNode> members = new LinkedHashMap<>();
        new TreeMap<>(struct.getFieldsMap()).forEach((name, value) -> members.put(name, node(value, depth)));
        return new JsonNode.JsonObject(members);
    }

    private JsonNode array(ListValue list, int depth) {
        requireDepth(depth);
        List<JsonNode> items = new ArrayList<>(list.getValuesCount());
        list.getValuesList().forEach(value -> items.add(node(value, depth)));
        return new JsonNode.JsonArray(items);
    }

    private JsonNode node(Value value, int depth) {
        return switch (value.getKindCase()) {
            case NULL_VALUE -> new JsonNode.JsonNull();
            case BOOL_VALUE -> new JsonNode.JsonBoolean(value.getBoolValue());
            case NUMBER_VALUE -> new JsonNode.JsonNumber(number(value.getNumberValue()));
            case STRING_VALUE -> new JsonNode.JsonString(value.getStringValue());
            case STRUCT_VALUE -> object(value.getStructValue(), depth + 1);
            case LIST_VALUE -> array(value.getListValue(), depth + 1);
            case KIND_NOT_SET -> throw Refusals.invalid(WRAPPER, "a google.protobuf.Value without a kind");
        };
    }

    private static String number(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw Refusals.invalid(WRAPPER, "a number that is not finite");
        }
        boolean isNegativeZero = number == 0 && 1 / number < 0;
        boolean isWhole = number == Math.rint(number) && Math.abs(number) <= WHOLE_MAX;
        return isWhole && !isNegativeZero ? Long.toString((long) number) : Double.toString(number);
    }

    private void requireDepth(int depth) {
        if (depth > depthMax) {
            throw Refusals.limitExceeded("jsonDepthMax", depthMax, depth);
        }
    }

    /** Reads stored JSON text as a Struct. */
    static Struct toStruct(Json json) {
        JsonNode node;
        try {
            // It was checked at its way in; nothing of it is refused at its way out.
            node = JsonParser.parse(json.utf8(), Integer.MAX_VALUE);
        } catch (JsonSyntaxException e) {
            throw new IllegalStateException("a stored value is not JSON", e);
        }
        return node instanceof JsonNode.JsonObject object
                ? struct(object)
                : Struct.newBuilder().putFields(WRAPPER, value(node)).build();
    }

    private static Struct struct(JsonNode.JsonObject object) {
        Struct.Builder struct = Struct.newBuilder();
        object.members().forEach((name, member) -> struct.putFields(name, value(member)));
        return struct.build();
    }

    private static Value value(JsonNode node) {
        Value.Builder value = Value.newBuilder();
        return switch (node) {
            case JsonNode.JsonNull ignored ->
                value.setNullValue(NullValue.NULL_VALUE).build();
            case JsonNode.JsonBoolean bool -> value.setBoolValue(bool.value()).build();
            case JsonNode.JsonNumber number ->
                value.setNumberValue(finite(number.text())).build();
            case JsonNode.JsonString string ->
                value.setStringValue(string.value()).build();
            case JsonNode.JsonArray array -> value.setListValue(list(array)).build();
            case JsonNode.JsonObject object ->
                value.setStructValue(struct(object)).build();
        };
    }

    private static ListValue list(JsonNode.JsonArray array) {
        ListValue.Builder list = ListValue.newBuilder();
        array.items().forEach(item -> list.addValues(value(item)));
        return list.build();
    }

    private static double finite(String text) {
        double number = Double.parseDouble(text);
        return Double.isInfinite(number) ? Math.copySign(Double.MAX_VALUE, number) : number;
    }
}
