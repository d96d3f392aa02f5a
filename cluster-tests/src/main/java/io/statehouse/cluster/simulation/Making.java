package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.json.Amounts;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonPatch;
import io.statehouse.statemachine.json.JsonPatchException;
import io.statehouse.statemachine.json.JsonSyntaxException;
import io.statehouse.statemachine.json.JsonWriter;
import io.statehouse.statemachine.json.MergePatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the operations of one transaction make, in the words of the model. */
final class Making {
    private final Function<Key, ReferenceModel.@Nullable Version> versions;
    private final long nowMillis;
    private final Limits limits;
    private final List<Event> events = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private final Map<Key, Event> latest = new HashMap<>();

    Making(Function<Key, ReferenceModel.@Nullable Version> versions, long nowMillis, Limits limits) {
        this.versions = versions;
        this.nowMillis = nowMillis;
        this.limits = limits;
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<Long> versions() {
        return numbers;
    }

    /** Why the operations cannot be applied; null when they can. */
    @Nullable
    Reply all(List<Operation> operations) {
        for (Operation operation : operations) {
            Key key = operation.key();
            long number = next(key);
            numbers.add(number);
            switch (operation) {
                case Operation.Put put -> put(key, put.value(), put.lifetime());
                case Operation.Delete delete -> make(new Event.EntryDeleted(key, number));
                case Operation.Append append -> {
                    put(key, json(Long.toString(number)), new Lifetime.Unbounded());
                    put(Operation.Append.item(key, number), append.value(), append.lifetime());
                }
                case Operation.Edit edit -> {
                    Reply refused = edit(edit);
                    if (refused != null) {
                        return refused;
                    }
                }
            }
        }
        return null;
    }

    private void make(Event event) {
        events.add(event);
        latest.put(event.key(), event);
    }

    private long next(Key key) {
        Event made = latest.get(key);
        ReferenceModel.Version before = versions.apply(key);
        return 1 + (made != null ? made.version() : before != null ? before.number() : 0);
    }

    private void put(Key key, Json value, Lifetime lifetime) {
        long until = switch (lifetime) {
            case Lifetime.Unbounded unbounded -> 0;
            case Lifetime.Lasting lasting -> nowMillis + lasting.millis();
            case Lifetime.Until end -> end.wallMillis();
        };
        boolean isPast = lifetime instanceof Lifetime.Until && until <= nowMillis;
        make(isPast ? new Event.EntryDeleted(key, next(key)) : new Event.EntryPut(key, next(key), value, until));
    }

    private @Nullable Reply edit(Operation.Edit edit) {
        Event made = latest.get(edit.key());
        ReferenceModel.Version before = versions.apply(edit.key());
        Json value = made instanceof Event.EntryPut put
                ? put.value()
                : made == null && before != null ? before.valueAt(nowMillis) : null;
        long expires = made instanceof Event.EntryPut put
                ? put.expiresMillis()
                : value != null && before != null ? before.expiresMillis() : 0;
        try {
            Json after = JsonWriter.write(after(value == null ? null : parse(value), edit));
            if (after.length() > limits.valueBytesMax()) {
                return new Reply.LimitExceeded("valueBytesMax", limits.valueBytesMax(), after.length());
            }
            make(new Event.EntryPut(edit.key(), next(edit.key()), after, expires));
            return null;
        } catch (JsonPatchException e) {
            return new Reply.NotApplicable(edit.key(), numbers.size() - 1, String.valueOf(e.getMessage()));
        }
    }

    private JsonNode after(@Nullable JsonNode before, Operation.Edit edit) throws JsonPatchException {
        JsonNode object = before == null ? JsonNode.JsonObject.EMPTY : before;
        JsonNode argument = parse(edit.argument());
        return switch (edit.change()) {
            case ADD -> Amounts.add(before, argument, Limits.DECIMAL_DIGITS_MAX);
            case MERGE_PATCH -> MergePatch.apply(object, argument);
            case JSON_PATCH -> JsonPatch.of(argument).apply(object);
        };
    }

    private JsonNode parse(Json json) {
        try {
            return JsonParser.parse(json.utf8(), limits.jsonDepthMax());
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }
}
