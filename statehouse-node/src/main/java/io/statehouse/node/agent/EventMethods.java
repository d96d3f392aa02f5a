package io.statehouse.node.agent;

import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonBoolean;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of typed events, with what they took.
 *
 * <p>An append is one blind commit: the core gives the number, adds the totals exactly and knows whether the session is there.
 * It reads nothing, so it costs the same however many events there are.
 */
final class EventMethods {
    /** The policy of a session that takes events of anyone. */
    static final String ANY_WRITER = "append";

    static final List<String> POLICIES = List.of(ANY_WRITER, "reject", "fenced");
    private static final List<String> APPEND =
            List.of("session_id", "type", "payload", "metadata", "expected_sequence", "fences");

    private EventMethods() {}

    static Map<String, Method> all() {
        return Map.of(
                "events.create_session",
                        new Method(true, List.of("id", "name", "labels", "writers"), EventMethods::create),
                "events.get_session", new Method(false, List.of("id"), EventMethods::get),
                "events.delete_session", new Method(true, List.of("id"), EventMethods::delete),
                "events.open_writer",
                        new Method(true, List.of("id", "writer", "ttl_ms", "wait_ms"), EventMethods::openWriter),
                "events.append", new Method(true, APPEND, EventMethods::append),
                "events.import", new Method(true, EventImports.IMPORT, EventImports::run),
                "events.read", new Method(false, EventReads.READ, EventReads::read),
                "events.state", new Method(false, List.of("id"), EventReads::state),
                "events.totals", new Method(false, List.of("id", "by", "at"), EventReads::totals));
    }

    private static JsonNode create(Ask ask, Params params) {
        String given = params.optionalText("id");
        String id = given == null || given.isEmpty() ? ask.newId() : given;
        String name = params.optionalText("name");
        JsonObject labels = labels(params);
        String writers = params.word("writers", POLICIES, ANY_WRITER);
        EventKeys keys = EventKeys.of(ask, id);
        return ask.commit(
                view -> {
                    Entry before = view.find(keys.session());
                    if (before != null) {
                        // Its events are still there, and would be those of a stranger.
                        throw Ask.broken("event session " + id
                                + (before.isTombstone() ? " was deleted; an id is used once" : " exists"));
                    }
                    Doc session = Doc.empty()
                            .with("id", id)
                            .with("name", name == null ? "" : name)
                            .with("created_at", Doc.time(ask.nowMillis(view)))
                            .with("writers", writers)
                            .with("labels", labels == null ? JsonObject.EMPTY : labels);
                    List<Operation> operations = new ArrayList<>();
                    operations.add(new Operation.Put(keys.session(), session.toJson()));
                    operations.add(IdLists.append(EventKeys.catalogue(ask), id));
                    if (!writers.equals(ANY_WRITER)) {
                        operations.add(new Operation.Put(keys.guarded(), session.toJson()));
                    }
                    return Ask.propose(operations, List.of(new Condition.VersionEquals(keys.session(), 0)));
                },
                done -> shown(Doc.parse(Objects.requireNonNull(done.value())), 0, Doc.time(done.wallMillis())));
    }

    /** What labels a session is given; null = none. */
    static @Nullable JsonObject labels(Params params) {
        JsonObject labels = params.optionalObject("labels");
        if (labels != null && !labels.members().values().stream().allMatch(JsonString.class::isInstance)) {
            throw Refusals.invalid("labels", "not an object of strings");
        }
        return labels;
    }

    /** A session as callers see it: what is empty is left out. */
    private static JsonNode shown(Doc kept, long events, String updated) {
        Doc session = Doc.empty().with("id", kept.text("id"));
        if (!kept.text("name").isEmpty()) {
            session.with("name", kept.text("name"));
        }
        session.with("created_at", kept.text("created_at"))
                .with("updated_at", updated)
                .with("event_count", events);
        if (kept.node("labels") instanceof JsonObject labels
                && !labels.members().isEmpty()) {
            session.with("labels", labels);
        }
        return session.with("writers", kept.text("writers")).toNode();
    }

    /** The session as kept; one that is not there is not found. */
    static Doc require(StateView view, EventKeys keys, String id) {
        Entry entry = view.find(keys.session());
        if (entry == null || entry.value() == null) {
            throw unknown(id);
        }
        return Doc.parse(entry.value());
    }

    private static ServiceException unknown(String id) {
        return Ask.notFound("event session", id);
    }

    static JsonNode shown(StateView view, EventKeys keys, Doc kept) {
        Entry newest = view.find(keys.events());
        if (newest == null) {
            return shown(kept, 0, kept.text("created_at"));
        }
        return shown(kept, newest.version(), EventImports.newestTime(view, keys, kept, newest));
    }

    private static JsonNode get(Ask ask, Params params) {
        String id = params.name("id");
        EventKeys keys = EventKeys.of(ask, id);
        return ask.read(view -> shown(view, keys, require(view, keys, id)));
    }

    /** The session is gone for writers and readers; its history stays in the log. */
    private static JsonNode delete(Ask ask, Params params) {
        String id = params.name("id");
        EventKeys keys = EventKeys.of(ask, id);
        try {
            ask.commitBlind(
                    List.of(new Operation.Delete(keys.session())), List.of(new Condition.Exists(keys.session())));
        } catch (ServiceException e) {
            throw e.kind() == ErrorKind.CONFLICT ? unknown(id) : e;
        }
        return Doc.NULL;
    }

    /** Becomes the session's writer, as its policy for a second one says. */
    private static JsonNode openWriter(Ask ask, Params params) {
        String id = params.name("id");
        EventKeys keys = EventKeys.of(ask, id);
        String writers =
                Doc.of(ask.read(view -> require(view, keys, id).toNode())).text("writers");
        if (writers.equals(ANY_WRITER)) {
            throw Ask.broken("event session " + id + " takes events of any writer; there is nothing to open");
        }
        Doc lease = Doc.empty()
                .with("resources", Doc.list(List.of(Doc.string(resource(id)))))
                .with("holder", params.name("writer"))
                .with("ttl_ms", params.any("ttl_ms"))
                .with("wait_ms", writers.equals("reject") ? null : params.any("wait_ms"))
                .with("take_over", writers.equals("fenced"));
        JsonNode answer = LeaseMethods.acquire(ask.step("lease"), Params.of(lease.toNode(), List.of()));
        if (Doc.of(answer).node("granted") instanceof JsonBoolean granted && !granted.value()) {
            throw Ask.broken("event session " + id + " has a writer already");
        }
        return answer;
    }

    /** The resource whose lease makes a writer of a session. */
    static String resource(String sessionId) {
        return "event-session/" + sessionId;
    }

    private static JsonNode append(Ask ask, Params params) {
        String id = params.name("session_id");
        EventKeys keys = EventKeys.of(ask, id);
        NewEvent event = NewEvent.of(params);
        List<Operation> operations = new ArrayList<>();
        operations.add(new Operation.Append(keys.events(), event.toDoc().toJson()));
        operations.addAll(event.totals(keys));
        List<Condition> conditions = new ArrayList<>();
        conditions.add(new Condition.Exists(keys.session()));
        List<Leases.Fence> fences = Leases.fences(params, "fences");
        if (fences.stream().noneMatch(fence -> fence.resource().equals(resource(id)))) {
            conditions.add(new Condition.Absent(keys.guarded()));
        }
        if (params.has("expected_sequence")) {
            conditions.add(
                    new Condition.VersionEquals(keys.events(), params.whole("expected_sequence", 0, Long.MAX_VALUE)));
        }
        conditions.addAll(Leases.conditions(ask, fences));
        try {
            var done = ask.commitBlind(operations, conditions);
            return event.shown(id, done.versions().get(0), done.wallMillis());
        } catch (ServiceException e) {
            throw translated(e, id, keys);
        }
    }

    private static ServiceException translated(ServiceException e, String id, EventKeys keys) {
        String key = e.details().getOrDefault("key", "");
        if (e.kind() != ErrorKind.CONFLICT) {
            return e;
        }
        if (key.equals(keys.session().name())) {
            return unknown(id);
        }
        return key.equals(keys.guarded().name())
                ? Ask.broken("event session " + id + " takes events of its writer only; open_writer and name the fence")
                : e;
    }
}
