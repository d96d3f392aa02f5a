package io.statehouse.statemachine.json;

import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON Patch, RFC 6902: operations applied in order, all or none. */
public record JsonPatch(List<Step> steps) {
    private static final String END_OF_ARRAY = "-";

    public JsonPatch {
        steps = List.copyOf(steps);
    }

    /** One operation of a patch. */
    public sealed interface Step {
        JsonPointer path();

        /** Puts a value at a place, making room in an array. */
        record Add(JsonPointer path, JsonNode value) implements Step {}

        /** Takes away what is there. */
        record Remove(JsonPointer path) implements Step {}

        /** Puts a value in the place of another. */
        record Replace(JsonPointer path, JsonNode value) implements Step {}

        /** Takes away what is at one place and puts it at another. */
        record Move(JsonPointer path, JsonPointer from) implements Step {}

        /** Puts at one place what is at another. */
        record Copy(JsonPointer path, JsonPointer from) implements Step {}

        /** Fails the patch unless the value there means this. */
        record Test(JsonPointer path, JsonNode value) implements Step {}
    }

    public static JsonPatch of(JsonNode patch) throws JsonPatchException {
        if (!(patch instanceof JsonArray array)) {
            throw new JsonPatchException("a patch is an array of operations");
        }
        var steps = new ArrayList<Step>(array.items().size());
        for (var item : array.items()) {
            steps.add(step(item));
        }
        return new JsonPatch(steps);
    }

    /** The patch as the array of operations it is written as. */
    public JsonNode toJson() {
        return new JsonArray(steps.stream().map(JsonPatch::toJson).toList());
    }

    private static JsonNode toJson(Step step) {
        return switch (step) {
            case Step.Add add -> at("add", add).with("value", add.value());
            case Step.Remove remove -> at("remove", remove);
            case Step.Replace replace -> at("replace", replace).with("value", replace.value());
            case Step.Move move -> at("move", move).with("from", text(move.from()));
            case Step.Copy copy -> at("copy", copy).with("from", text(copy.from()));
            case Step.Test test -> at("test", test).with("value", test.value());
        };
    }

    private static JsonObject at(String op, Step step) {
        return JsonObject.EMPTY.with("op", new JsonString(op)).with("path", text(step.path()));
    }

    private static JsonNode text(JsonPointer pointer) {
        return new JsonString(pointer.toString());
    }

    /**
     * What a patch may make of a value.
     *
     * @param depthMax how deeply a value may lie that a step puts
     * @param copiedBytesMax about how much all copies may add: each may be of all that those before it made
     */
    public record Bounds(int depthMax, long copiedBytesMax) {}

    /** Hears what each step is about to cost; may refuse it. */
    @FunctionalInterface
    public interface Meter<E extends Exception> {
        /** A step is about to be applied to a value of about so many bytes. */
        void charge(long bytes) throws E;
    }

    public JsonNode apply(JsonNode target) throws JsonPatchException {
        return apply(target, new Bounds(Integer.MAX_VALUE, Long.MAX_VALUE), bytes -> {});
    }

    /** The target with all steps, or the reason why one does not fit it or the bounds. */
    public <E extends Exception> JsonNode apply(JsonNode target, Bounds bounds, Meter<E> meter)
            throws JsonPatchException, E {
        JsonNode changed = target;
        long size = Extent.bytes(target, Long.MAX_VALUE);
        long copied = 0;
        for (var step : steps) {
            JsonNode put = putBy(step, changed);
            if (put != null && !(step instanceof Step.Move)) {
                // Never less, whatever is taken away: a step costs at most what the value ever was.
                size += Extent.bytes(put, bounds.copiedBytesMax);
            }
            meter.charge(size);
            if (put != null && step.path().tokens().size() + Extent.depth(put) > bounds.depthMax) {
                throw new JsonPatchException("'" + step.path() + "' would nest deeper than " + bounds.depthMax);
            }
            if (put != null && step instanceof Step.Copy) {
                copied += Extent.bytes(put, bounds.copiedBytesMax - copied);
                if (copied > bounds.copiedBytesMax) {
                    throw new JsonPatchException("the patch copies more than " + bounds.copiedBytesMax + " bytes");
                }
            }
            changed = apply(changed, step);
        }
        return changed;
    }

    /** The value that a step puts somewhere; null when it puts none. */
    private static @Nullable JsonNode putBy(Step step, JsonNode target) throws JsonPatchException {
        return switch (step) {
            case Step.Add add -> add.value();
            case Step.Replace replace -> replace.value();
            case Step.Move move -> get(target, move.from());
            case Step.Copy copy -> get(target, copy.from());
            case Step.Remove remove -> null;
            case Step.Test test -> null;
        };
    }

    private static JsonNode apply(JsonNode target, Step step) throws JsonPatchException {
        return switch (step) {
            case Step.Add add -> add(target, add.path(), add.value());
            case Step.Remove remove -> remove(target, remove.path());
            case Step.Replace replace -> replace(target, replace.path(), replace.value());
            case Step.Move move -> move(target, move.path(), move.from());
            case Step.Copy copy -> add(target, copy.path(), get(target, copy.from()));
            case Step.Test test -> {
                if (!get(target, test.path()).means(test.value())) {
                    throw new JsonPatchException("test failed at '" + test.path() + "'");
                }
                yield target;
            }
        };
    }

    private static JsonNode move(JsonNode target, JsonPointer path, JsonPointer from) throws JsonPatchException {
        if (from.isProperPrefixOf(path)) {
            throw new JsonPatchException("cannot move '" + from + "' into itself at '" + path + "'");
        }
        JsonNode moved = get(target, from);
        return from.equals(path) ? target : add(remove(target, from), path, moved);
    }

    /** What is at a place. */
    public static JsonNode get(JsonNode target, JsonPointer path) throws JsonPatchException {
        JsonNode found = target;
        for (String token : path.tokens()) {
            found = child(found, token);
        }
        return found;
    }

    private static JsonNode child(JsonNode parent, String token) throws JsonPatchException {
        JsonNode found = switch (parent) {
            case JsonObject object -> object.members().get(token);
            case JsonArray array -> array.items().get(index(token, array.items().size() - 1));
            case JsonNode.JsonNull ignored -> null;
            case JsonNode.JsonBoolean ignored -> null;
            case JsonNode.JsonNumber ignored -> null;
            case JsonString ignored -> null;
        };
        if (found == null) {
            throw new JsonPatchException("nothing at '" + token + "'");
        }
        return found;
    }

    private static JsonNode add(JsonNode target, JsonPointer path, JsonNode value) throws JsonPatchException {
        if (path.isRoot()) {
            return value;
        }
        String token = path.first();
        if (path.rest().isRoot()) {
            return switch (target) {
                case JsonObject object -> object.with(token, value);
                case JsonArray array ->
                    array.inserting(
                            token.equals(END_OF_ARRAY)
                                    ? array.items().size()
                                    : index(token, array.items().size()),
                            value);
                case JsonNode.JsonNull ignored -> throw noContainer(token);
                case JsonNode.JsonBoolean ignored -> throw noContainer(token);
                case JsonNode.JsonNumber ignored -> throw noContainer(token);
                case JsonString ignored -> throw noContainer(token);
            };
        }
        return withChild(target, token, add(child(target, token), path.rest(), value));
    }

    private static JsonNode remove(JsonNode target, JsonPointer path) throws JsonPatchException {
        if (path.isRoot()) {
            throw new JsonPatchException("the whole value cannot be removed");
        }
        String token = path.first();
        JsonNode child = child(target, token);
        if (!path.rest().isRoot()) {
            return withChild(target, token, remove(child, path.rest()));
        }
        if (target instanceof JsonArray array) {
            return array.removing(index(token, array.items().size() - 1));
        }
        return ((JsonObject) target).without(token);
    }

    private static JsonNode replace(JsonNode target, JsonPointer path, JsonNode value) throws JsonPatchException {
        if (path.isRoot()) {
            return value;
        }
        JsonNode child = child(target, path.first());
        return withChild(target, path.first(), replace(child, path.rest(), value));
    }

    private static JsonNode withChild(JsonNode target, String token, JsonNode child) throws JsonPatchException {
        if (target instanceof JsonArray array) {
            return array.replacing(index(token, array.items().size() - 1), child);
        }
        return ((JsonObject) target).with(token, child);
    }

    private static int index(String token, int max) throws JsonPatchException {
        boolean isPlain = !token.isEmpty()
                && token.length() <= String.valueOf(max).length()
                && token.chars().allMatch(c -> c >= '0' && c <= '9')
                && (token.length() == 1 || token.charAt(0) != '0');
        if (!isPlain || Long.parseLong(token) > max) {
            throw new JsonPatchException("no position '" + token + "' in the array");
        }
        return Integer.parseInt(token);
    }

    private static JsonPatchException noContainer(String token) {
        return new JsonPatchException("'" + token + "' is not in an object or an array");
    }

    private static Step step(JsonNode item) throws JsonPatchException {
        if (!(item instanceof JsonObject operation)) {
            throw new JsonPatchException("an operation of a patch is an object");
        }
        String op = text(operation, "op");
        JsonPointer path = JsonPointer.parse(text(operation, "path"));
        return switch (op) {
            case "add" -> new Step.Add(path, value(operation));
            case "remove" -> new Step.Remove(path);
            case "replace" -> new Step.Replace(path, value(operation));
            case "move" -> new Step.Move(path, JsonPointer.parse(text(operation, "from")));
            case "copy" -> new Step.Copy(path, JsonPointer.parse(text(operation, "from")));
            case "test" -> new Step.Test(path, value(operation));
            default -> throw new JsonPatchException("unknown operation '" + op + "'");
        };
    }

    private static String text(JsonObject operation, String name) throws JsonPatchException {
        if (operation.members().get(name) instanceof JsonString string) {
            return string.value();
        }
        throw new JsonPatchException("an operation needs the string '" + name + "'");
    }

    private static JsonNode value(JsonObject operation) throws JsonPatchException {
        @Nullable JsonNode value = operation.members().get("value");
        if (value == null) {
            throw new JsonPatchException("the operation needs a 'value'");
        }
        return value;
    }
}
