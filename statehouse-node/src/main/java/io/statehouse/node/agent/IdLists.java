package io.statehouse.node.agent;

import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import io.statehouse.statemachine.json.JsonWriter;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.StateView;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Lists of ids in the order in which they were committed, each id an item of its own; read without reading the rest. */
final class IdLists {
    /** The most items that are looked at for one answer. */
    static final int ITEMS_READ_MAX = 10_000;

    private IdLists() {}

    static Operation append(Key list, String id) {
        return new Operation.Append(list, JsonWriter.write(Doc.string(id)));
    }

    /** How many ids the list ever got. */
    static long count(StateView view, Key list) {
        Entry entry = view.find(list);
        return entry == null ? 0 : entry.version();
    }

    /** Shows the ids, the newest first, for as long as they are wanted. */
    static void newestFirst(StateView view, Key list, Predicate<String> isMoreWanted) {
        long newest = count(view, list);
        long oldest = Math.max(1, newest - ITEMS_READ_MAX + 1);
        boolean goesOn = true;
        for (long number = newest; goesOn && number >= oldest; number--) {
            goesOn = show(view, list, number, isMoreWanted);
        }
    }

    /** Shows all ids, the oldest first; a list that is too long for one answer is refused, because a part would look like the whole. */
    static void oldestFirst(StateView view, Key list, Consumer<String> reader) {
        long newest = count(view, list);
        if (newest > ITEMS_READ_MAX) {
            throw Refusals.limitExceeded("itemsReadMax", ITEMS_READ_MAX, newest);
        }
        span(view, list, 1, newest, reader);
    }

    /** Shows the ids of some numbers, the oldest first. */
    static void span(StateView view, Key list, long first, long last, Consumer<String> reader) {
        for (long number = first; number <= last; number++) {
            show(view, list, number, id -> {
                reader.accept(id);
                return true;
            });
        }
    }

    private static boolean show(StateView view, Key list, long number, Predicate<String> isMoreWanted) {
        Entry item = view.find(Operation.Append.item(list, number));
        return item == null
                || item.value() == null
                || !(Doc.node(item.value()) instanceof JsonString id)
                || isMoreWanted.test(id.value());
    }
}
