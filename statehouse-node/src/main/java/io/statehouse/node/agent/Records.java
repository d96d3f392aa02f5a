package io.statehouse.node.agent;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.List;
import java.util.function.Function;

/** What the documents of all kinds have in common: how they begin, how they are read and how they are updated. */
final class Records {
    private Records() {}

    /** A new document of an id: flat, and every field always there. */
    static Doc begin(String id, long nowMillis) {
        String now = Doc.time(nowMillis);
        return Doc.empty().with("id", id).with("created_at", now).with("updated_at", now);
    }

    static Method get(Shelf shelf) {
        return new Method(
                false,
                List.of("id"),
                (ask, params) -> ask.read(view ->
                        ask.require(view, shelf, params.uuid("id")).doc().toNode()));
    }

    /**
     * How an update is made.
     *
     * @param param the parameter that holds the whole document
     * @param fields those that may change; all others stay what they are
     * @param settle what the server sets by the old and the new document
     * @param lifetime how long the new document is kept
     */
    record Update(Shelf shelf, String param, List<Field> fields, Settle settle, Function<Doc, Lifetime> lifetime) {
        Update {
            fields = List.copyOf(fields);
        }
    }

    /** What the server sets by the old and the new document, and the time. */
    interface Settle {
        void settle(Doc before, Doc after, String now);
    }

    /** Nothing but the time of the update. */
    static final Settle ONLY_TIME = (before, after, now) -> {};

    static final Function<Doc, Lifetime> FOR_EVER = doc -> new Lifetime.Unbounded();

    static Method update(Update update) {
        return new Method(true, List.of(update.param), (ask, params) -> {
            Params object = params.object(update.param);
            String id = object.uuid("id");
            return ask.commitVoid(view -> {
                Ask.Found found = ask.require(view, update.shelf, id);
                Doc after = Doc.of(found.doc().toNode());
                Field.copy(update.fields, object, after);
                String now = Doc.time(ask.nowMillis(view));
                update.settle.settle(found.doc(), after, now);
                after.with("updated_at", now);
                Key key = ask.key(update.shelf, id);
                return Ask.propose(
                        List.of(new Operation.Put(key, after.toJson(), update.lifetime.apply(after))),
                        List.of(new Condition.VersionEquals(key, found.entry().version())));
            });
        });
    }

    /** Says that something was done in a session. */
    static Operation touch(Ask ask, String sessionId, long nowMillis) {
        JsonNode patch =
                Doc.empty().with("last_activity_at", Doc.time(nowMillis)).toNode();
        return new Operation.Edit(
                ask.key(Shelf.SESSIONS, sessionId), Operation.Change.MERGE_PATCH, JsonWriter.write(patch));
    }

    /** Refuses a document that is another owner's. */
    static void requireOwner(Doc doc, String field, String owner, String thing) {
        if (!doc.text(field).equals(owner)) {
            throw Ask.broken(
                    thing + " " + doc.text("id") + " does not belong to " + field.replace("_id", "") + " " + owner);
        }
    }
}
