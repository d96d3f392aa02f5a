package io.statehouse.node.agent;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which event sessions there are: the newest for people, and all of them for whoever takes them along. */
final class EventCatalogue {
    private static final int LISTED = 100;
    private static final int LISTED_MAX = 1_000;

    private EventCatalogue() {}

    static Map<String, Method> all() {
        return Map.of(
                "events.list_sessions",
                new Method(false, List.of("limit", "offset", "labels"), EventCatalogue::list),
                "events.session_ids",
                new Method(false, List.of("from", "limit"), EventCatalogue::ids));
    }

    /** The newest first; labels are looked at before pages are cut. */
    private static JsonNode list(Ask ask, Params params) {
        long limit = params.whole("limit", LISTED, LISTED_MAX);
        long offset = params.whole("offset", 0, IdLists.ITEMS_READ_MAX);
        JsonObject labels = params.optionalObject("labels");
        return ask.read(view -> {
            List<JsonNode> found = new ArrayList<>();
            long[] passed = {0};
            IdLists.newestFirst(view, EventKeys.catalogue(ask), id -> {
                EventKeys keys = EventKeys.of(ask, id);
                Json value = kept(view, keys);
                Doc session = value == null ? null : ask.read(value);
                if (session != null && matches(session, labels)) {
                    passed[0]++;
                    if (passed[0] > offset && found.size() < limit) {
                        found.add(EventMethods.shown(view, keys, session));
                    }
                }
                return found.size() < limit;
            });
            return Doc.list(found);
        });
    }

    /** The session as it is kept; null = it is not there, or not any more. */
    private static @Nullable Json kept(StateView view, EventKeys keys) {
        Entry entry = view.find(keys.session());
        return entry == null ? null : entry.value();
    }

    private static boolean matches(Doc session, @Nullable JsonObject labels) {
        return labels == null
                || (session.node("labels") instanceof JsonObject has
                        && has.members().entrySet().containsAll(labels.members().entrySet()));
    }

    /**
     * The ids of sessions that are there, the oldest first. Pages go by a number that a session keeps, so none is left out when
     * others are begun or deleted meanwhile; one may be empty and not be the last.
     */
    private static JsonNode ids(Ask ask, Params params) {
        long first = Math.max(1, params.whole("from", 0, Long.MAX_VALUE));
        long limit = Math.max(1, params.whole("limit", LISTED_MAX, LISTED_MAX));
        return ask.read(view -> {
            long newest = IdLists.count(view, EventKeys.catalogue(ask));
            long last = Math.min(newest, first + limit - 1);
            List<JsonNode> ids = new ArrayList<>();
            IdLists.span(view, EventKeys.catalogue(ask), first, last, id -> {
                if (kept(view, EventKeys.of(ask, id)) != null) {
                    ids.add(Doc.string(id));
                }
            });
            return Doc.empty()
                    .with("ids", Doc.list(ids))
                    .with("next", last < newest ? new JsonNumber(Long.toString(last + 1)) : null)
                    .toNode();
        });
    }
}
