package io.statehouse.node.agent;

import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Sessions that come from elsewhere: their events keep the numbers and the times that they had.
 *
 * <p>Only a session that was begun by an import takes events by one, so that nobody can antedate the events of another.
 */
final class EventImports {
    static final List<String> IMPORT = List.of("session", "events", "writers");

    /** Says of a kept session that its times are those of its events, not those of their commits. */
    private static final String IMPORTED = "imported";

    private EventImports() {}

    /** Takes the next events of a session, and makes it if it is not there. */
    static JsonNode run(Ask ask, Params params) {
        Params session = params.object("session");
        String id = session.name("id");
        String writers = params.word("writers", EventMethods.POLICIES, EventMethods.ANY_WRITER);
        Doc begun = begun(session, id);
        EventKeys keys = EventKeys.of(ask, id);
        List<Operation> events = new ArrayList<>();
        long before = events(params, keys, events);
        return ask.commit(
                view -> {
                    Entry kept = view.find(keys.session());
                    Doc after = kept == null ? begun : require(view, keys, id);
                    List<Operation> operations = new ArrayList<>(events);
                    if (kept == null) {
                        operations.add(IdLists.append(EventKeys.catalogue(ask), id));
                    }
                    if (kept == null || !writers.equals(EventMethods.ANY_WRITER)) {
                        operations.add(new Operation.Put(
                                keys.session(), after.with("writers", writers).toJson()));
                    }
                    if (!writers.equals(EventMethods.ANY_WRITER)) {
                        operations.add(new Operation.Put(keys.guarded(), after.toJson()));
                    }
                    return Ask.propose(
                            operations,
                            List.of(
                                    new Condition.VersionEquals(keys.session(), kept == null ? 0 : kept.version()),
                                    new Condition.Absent(keys.guarded()),
                                    new Condition.VersionEquals(keys.events(), before)));
                },
                done -> Doc.NULL);
    }

    private static Doc begun(Params session, String id) {
        JsonObject labels = EventMethods.labels(session);
        String name = session.optionalText("name");
        return Doc.empty()
                .with("id", id)
                .with("name", name == null ? "" : name)
                .with("created_at", NewEvent.time(session, "created_at"))
                .with("writers", EventMethods.ANY_WRITER)
                .with("labels", labels == null ? JsonObject.EMPTY : labels)
                .with(IMPORTED, true);
    }

    private static Doc require(StateView view, EventKeys keys, String id) {
        Doc session = EventMethods.require(view, keys, id);
        if (!isImported(session)) {
            throw Ask.broken("event session " + id + " was not imported; its events are appended");
        }
        return session;
    }

    /** Adds what the events do, and answers how many must be there before them. */
    private static long events(Params params, EventKeys keys, List<Operation> operations) {
        JsonArray given = params.optionalArray("events");
        if (given == null || given.items().isEmpty()) {
            return 0;
        }
        long first = Params.of(given.items().get(0), List.of()).number("sequence_number");
        long expected = first;
        for (JsonNode item : given.items()) {
            Params event = Params.of(item, List.of());
            if (first == 0 || event.number("sequence_number") != expected) {
                throw Refusals.invalid("sequence_number", "not one more than that of the event before");
            }
            NewEvent taken = NewEvent.of(event);
            Json kept = taken.toDoc()
                    .with(NewEvent.TIMESTAMP, NewEvent.time(event, NewEvent.TIMESTAMP))
                    .toJson();
            operations.add(new Operation.Append(keys.events(), kept));
            operations.addAll(taken.totals(keys));
            expected++;
        }
        return first - 1;
    }

    private static boolean isImported(Doc session) {
        return session.has(IMPORTED);
    }

    /** When the newest event of a session was, which has one. */
    static String newestTime(StateView view, EventKeys keys, Doc session, Entry newest) {
        Entry item = isImported(session) ? view.find(Operation.Append.item(keys.events(), newest.version())) : null;
        return item == null
                ? Doc.time(newest.wallMillis())
                : NewEvent.time(Doc.parse(Objects.requireNonNull(item.value())), item.wallMillis());
    }
}
