package io.statehouse.node.agent;

import io.statehouse.node.service.ReadPoint;
import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.NamedEntry;
import io.statehouse.statemachine.state.Page;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Event sessions as they are read: pages of events, the state that they come to, what they took. */
final class EventReads {
    static final List<String> READ = List.of("id", "from_seq", "limit", "types", "from_time", "to_time");

    /** The most events of one page. */
    private static final int EVENTS_MAX = 10_000;

    /** The most types that are asked for at once. */
    private static final int TYPES_MAX = 1_000;

    /** The page ends with the event that passes this. */
    private static final long PAGE_BYTES_MAX = 2L << 20;

    /** The most types, models, tools or workers that are shown of a session. */
    private static final int NAMES_MAX = 10_000;

    /** About how many bytes the names and values of an answer may have. */
    private static final long ANSWER_BYTES_MAX = 32L << 20;

    private EventReads() {}

    /** Events from a number on, itself among them, that are of some types and of a span of time, both ends too. */
    static JsonNode read(Ask ask, Params params) {
        String id = params.name("id");
        long from = Math.max(1, params.whole("from_seq", 0, Long.MAX_VALUE));
        int limit = (int) Math.max(1, params.whole("limit", EVENTS_MAX, EVENTS_MAX));
        Set<String> types = types(params);
        long fromMillis = time(params, "from_time", Long.MIN_VALUE);
        long toMillis = time(params, "to_time", Long.MAX_VALUE);
        EventKeys keys = EventKeys.of(ask, id);
        return ask.read(view -> {
            EventMethods.require(view, keys, id);
            List<JsonNode> events = new ArrayList<>();
            Page<NamedEntry> page = scan(view, keys, from, limit);
            for (NamedEntry item : page.items()) {
                Entry entry = item.entry();
                Doc kept = Doc.parse(Objects.requireNonNull(entry.value()));
                String time = NewEvent.time(kept, entry.wallMillis());
                long millis =
                        kept.has(NewEvent.TIMESTAMP) ? Field.millis(NewEvent.TIMESTAMP, time) : entry.wallMillis();
                boolean isOfTime = millis >= fromMillis && millis <= toMillis;
                if (isOfTime && (types.isEmpty() || types.contains(kept.text("type")))) {
                    events.add(NewEvent.shown(kept, id, number(item.name()), time));
                }
            }
            String next = page.next();
            return Doc.empty()
                    .with("events", Doc.list(events))
                    .with("next_seq", next == null ? null : new JsonNumber(Long.toString(number(next) + 1)))
                    .toNode();
        });
    }

    private static Page<NamedEntry> scan(StateView view, EventKeys keys, long from, int limit) {
        String after = Operation.Append.item(keys.events(), from - 1).name();
        return view.scan(keys.agent(), new PageRequest(keys.events().name() + "/", after, limit, PAGE_BYTES_MAX));
    }

    /** How many events a session has, which is the number of the newest. */
    static long count(StateView view, EventKeys keys, String id) {
        Doc unusedSession = EventMethods.require(view, keys, id);
        Entry newest = view.find(keys.events());
        return newest == null ? 0 : newest.version();
    }

    /** Events from a number on, itself among them and none left out; at least one, and fewer than asked for where they are large. */
    static List<JsonNode> consecutive(StateView view, EventKeys keys, String id, long from, int limit) {
        List<JsonNode> events = new ArrayList<>();
        for (NamedEntry item : scan(view, keys, from, limit).items()) {
            requireNumber(id, from + events.size(), number(item.name()));
            Entry entry = item.entry();
            Doc kept = Doc.parse(Objects.requireNonNull(entry.value()));
            events.add(NewEvent.shown(kept, id, number(item.name()), NewEvent.time(kept, entry.wallMillis())));
        }
        requireNumber(id, from, events.isEmpty() ? 0 : from);
        return events;
    }

    private static void requireNumber(String id, long expected, long found) {
        if (found != expected) {
            throw Ask.broken("event session " + id + " has no event " + expected + " any more");
        }
    }

    private static Set<String> types(Params params) {
        List<String> given = params.texts("types");
        if (given.size() > TYPES_MAX) {
            throw Refusals.limitExceeded("typesMax", TYPES_MAX, given.size());
        }
        return Set.copyOf(given);
    }

    private static long time(Params params, String name, long fallback) {
        String text = params.optionalText(name);
        return text == null ? fallback : Field.millis(name, text);
    }

    private static long number(String itemName) {
        return Long.parseLong(itemName.substring(itemName.lastIndexOf('/') + 1));
    }

    /** What the events come to by the usual reducer, kept with each of them. */
    static JsonNode state(Ask ask, Params params) {
        String id = params.name("id");
        EventKeys keys = EventKeys.of(ask, id);
        return ask.read(view -> {
            Doc session = EventMethods.require(view, keys, id);
            Entry newest = view.find(keys.events());
            Doc totals = totals(view, keys.totals());
            Doc tokens = totals.has("tokens") ? Doc.of(totals.node("tokens")) : Doc.empty();
            Doc data = Doc.empty();
            for (NamedEntry latest : named(view, keys, EventKeys.LATEST)) {
                data.with(
                        latest.name().substring(EventKeys.LATEST.length()),
                        Doc.node(Objects.requireNonNull(latest.entry().value())));
            }
            long events = newest == null ? 0 : newest.version();
            return Doc.empty()
                    .with("session_id", id)
                    .with("version", events)
                    .with("data", data.toNode())
                    .with("last_event_at", newest == null ? null : EventImports.newestTime(view, keys, session, newest))
                    .with("event_count", events)
                    .with(
                            "tokens",
                            Doc.empty()
                                    .with("in", zeroIfNone(tokens.node("in")))
                                    .with("out", zeroIfNone(tokens.node("out")))
                                    .with("cost_usd", zeroIfNone(tokens.node("cost_usd")))
                                    .toNode())
                    .with("tool_calls", totals.number("tool_calls"))
                    .with("errors", totals.number("errors"))
                    .toNode();
        });
    }

    private static JsonNode zeroIfNone(JsonNode number) {
        return number instanceof JsonNumber ? number : new JsonNumber("0");
    }

    private static Doc totals(StateView view, Key key) {
        Entry entry = view.find(key);
        return entry == null || entry.value() == null ? Doc.empty() : Doc.parse(entry.value());
    }

    /**
     * What a session took: in all, or by each model, tool or worker. As of a
     * moment that has passed too: what a day took is the difference of its ends.
     */
    static JsonNode totals(Ask ask, Params params) {
        String id = params.name("id");
        String by = params.word("by", List.of("all", "model", "tool", "worker"), "all");
        EventKeys keys = EventKeys.of(ask, id);
        String at = params.optionalText("at");
        return ask.look(point(at), view -> {
            EventMethods.require(view, keys, id);
            if (by.equals("all")) {
                return totals(view, keys.totals()).toNode();
            }
            Doc all = Doc.empty();
            for (NamedEntry part : named(view, keys, EventKeys.totalsPrefix(by))) {
                all.with(
                        part.name().substring(EventKeys.totalsPrefix(by).length()),
                        Doc.node(Objects.requireNonNull(part.entry().value())));
            }
            return all.toNode();
        });
    }

    private static ReadPoint point(@Nullable String at) {
        return at == null
                ? ReadPoint.NOW
                : new ReadPoint(ReadPoint.NOW.freshness(), new ReadPoint.Moment.AtWall(Field.millis("at", at)));
    }

    private static List<NamedEntry> named(StateView view, EventKeys keys, String prefix) {
        var page = view.scan(keys.agent(), new PageRequest(prefix, null, NAMES_MAX, ANSWER_BYTES_MAX));
        if (page.next() != null) {
            // A part would look like the whole.
            throw page.items().size() == NAMES_MAX
                    ? Refusals.limitExceeded("namesMax", NAMES_MAX, NAMES_MAX + 1L)
                    : Refusals.limitExceeded("answerBytesMax", ANSWER_BYTES_MAX, ANSWER_BYTES_MAX + 1);
        }
        return page.items();
    }
}
