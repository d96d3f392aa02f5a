package io.statehouse.statemachine;

import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonPatch;
import io.statehouse.statemachine.json.JsonPatchException;
import io.statehouse.statemachine.json.JsonSyntaxException;
import io.statehouse.statemachine.json.JsonWriter;
import io.statehouse.statemachine.json.MergePatch;
import io.statehouse.statemachine.state.Entry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a transaction makes, operation by operation, written down as simply as possible. */
final class NaiveMaking {
    private final Function<Key, List<Entry>> histories;
    private final long nowMillis;
    private final Limits limits;
    private final List<Made> made = new ArrayList<>();

    /** One version that a transaction makes; without a value it is a tombstone. */
    record Made(Key key, long version, @Nullable Json value, long expires) {
        Event event() {
            return value == null
                    ? new Event.EntryDeleted(key, version)
                    : new Event.EntryPut(key, version, value, expires);
        }
    }

    NaiveMaking(Function<Key, List<Entry>> histories, long nowMillis, Limits limits) {
        this.histories = histories;
        this.nowMillis = nowMillis;
        this.limits = limits;
    }

    List<Made> made() {
        return made;
    }

    long versionOf(Key key) {
        return histories.apply(key).size()
                + made.stream().filter(done -> done.key().equals(key)).count();
    }

    /** An end before now is -1. */
    @Nullable
    Reply put(Key key, @Nullable Json value, long expires) {
        made.add(new Made(key, versionOf(key) + 1, expires < 0 ? null : value, Math.max(0, expires)));
        return null;
    }

    @Nullable
    Reply append(Operation.Append append, long expires) {
        long number = versionOf(append.key()) + 1;
        put(append.key(), json(Long.toString(number)), 0);
        Key list = append.key();
        return put(
                list.agent().key(list.name() + String.format(Locale.ROOT, "/%019d", number)), append.value(), expires);
    }

    @Nullable
    Reply edit(Operation.Edit edit, int index) {
        Made now = last(edit.key());
        Json before = now == null || (now.expires() != 0 && now.expires() <= nowMillis) ? null : now.value();
        try {
            Json after = JsonWriter.write(after(before == null ? null : parse(before), edit));
            if (after.length() > limits.valueBytesMax()) {
                return new Reply.LimitExceeded("valueBytesMax", limits.valueBytesMax(), after.length());
            }
            return put(edit.key(), after, before == null || now == null ? 0 : now.expires());
        } catch (JsonPatchException e) {
            return new Reply.NotApplicable(edit.key(), index, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Made last(Key key) {
        Made last = null;
        for (Entry entry : histories.apply(key)) {
            last = new Made(key, entry.version(), entry.value(), entry.expiresMillis());
        }
        for (Made done : made) {
            last = done.key().equals(key) ? done : last;
        }
        return last;
    }

    private static JsonNode after(@Nullable JsonNode before, Operation.Edit edit) throws JsonPatchException {
        JsonNode object = before == null ? JsonNode.JsonObject.EMPTY : before;
        JsonNode argument = parse(edit.argument());
        return switch (edit.change()) {
            case ADD -> sum(before, argument, "");
            case MERGE_PATCH -> MergePatch.apply(object, argument);
            case JSON_PATCH -> JsonPatch.of(argument).apply(object);
        };
    }

    private static JsonNode sum(@Nullable JsonNode before, JsonNode amount, String at) throws JsonPatchException {
        if (amount instanceof JsonNode.JsonNumber number) {
            if (before != null && !(before instanceof JsonNode.JsonNumber)) {
                throw new JsonPatchException("there is no number to add to at '" + at + "'");
            }
            String old = before instanceof JsonNode.JsonNumber known ? known.text() : "0";
            return new JsonNode.JsonNumber(
                    new BigDecimal(old).add(new BigDecimal(number.text())).toPlainString());
        }
        if (before != null && !(before instanceof JsonNode.JsonObject)) {
            throw new JsonPatchException("there is no object to add to at '" + at + "'");
        }
        Map<String, JsonNode> members =
                new LinkedHashMap<>(before instanceof JsonNode.JsonObject known ? known.members() : Map.of());
        for (Map.Entry<String, JsonNode> member :
                ((JsonNode.JsonObject) amount).members().entrySet()) {
            members.put(
                    member.getKey(), sum(members.get(member.getKey()), member.getValue(), at + "/" + member.getKey()));
        }
        return new JsonNode.JsonObject(members);
    }

    private static JsonNode parse(Json json) {
        try {
            return JsonParser.parse(json.utf8(), 200);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }
}
