package io.statehouse.node.agent;

import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.ReadPoint;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonPatch;
import io.statehouse.statemachine.json.JsonPatchException;
import io.statehouse.statemachine.json.MergePatch;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One JSON document per agent, guild and for all, with a version that each change counts up. */
final class ScopeMethods {
    private static final String MERGE = "json-merge-patch";
    private static final List<String> FORMATS = List.of(MERGE, "json-patch");
    private static final List<String> FETCH =
            List.of("state_owner", "guild_id", "agent_id", "state_path", "version", "timestamp");
    private static final List<String> UPDATE = List.of(
            "state_owner",
            "guild_id",
            "agent_id",
            "update_format",
            "state_update",
            "update_path",
            "update_version",
            "update_timestamp",
            "fences");
    private static final List<String> LOAD = List.of("state_owner", "guild_id", "agent_id", "state", "version");

    /** How deeply a document nests, and how many bytes the copies of one patch add. */
    private static final JsonPatch.Bounds BOUNDS = new JsonPatch.Bounds(200, 1 << 20);

    /** The most versions that are looked at for one of the past. */
    private static final int VERSIONS_READ_MAX = 10_000;

    private static final long VERSIONS_BYTES_MAX = 32L << 20;

    private ScopeMethods() {}

    static Map<String, Method> all() {
        return Map.of(
                "state.fetch", new Method(false, FETCH, ScopeMethods::fetch),
                "state.update", new Method(true, UPDATE, ScopeMethods::update),
                "state.load", new Method(true, LOAD, ScopeMethods::load),
                "state.remove", new Method(true, List.of("state_owner", "guild_id", "agent_id"), ScopeMethods::remove));
    }

    /** A document as it stood: nothing yet is an empty one of version 0 and time 0. */
    record Document(JsonNode state, long version, long wallMillis) {
        static final Document NONE = new Document(JsonObject.EMPTY, 0, 0);

        static Document of(@Nullable Entry entry) {
            if (entry == null || entry.value() == null) {
                return NONE;
            }
            Doc kept = Doc.parse(entry.value());
            return new Document(kept.node("state"), kept.number("version"), entry.wallMillis());
        }

        static Operation put(Key key, JsonNode state, long version) {
            return new Operation.Put(
                    key,
                    Doc.empty().with("version", version).with("state", state).toJson());
        }
    }

    private static JsonNode fetch(Ask ask, Params params) {
        Scope scope = Scope.of(ask, params);
        String path = params.optionalText("state_path");
        JsonPath place = JsonPath.parse("state_path", path);
        boolean isOfVersion = params.has("version");
        long version = params.whole("version", 0, Long.MAX_VALUE);
        ReadPoint point = params.has("timestamp")
                ? new ReadPoint(
                        ReadPoint.NOW.freshness(),
                        new ReadPoint.Moment.AtWall(params.whole("timestamp", 0, Long.MAX_VALUE)))
                : ReadPoint.NOW;
        if (isOfVersion && params.has("timestamp")) {
            throw Refusals.invalid("timestamp", "given together with version");
        }
        Document found = ask.look(
                point,
                view -> isOfVersion ? ofVersion(view, scope.key(), version) : Document.of(view.find(scope.key())));
        Document latest = point.equals(ReadPoint.NOW) && !isOfVersion
                ? found
                : ask.look(ReadPoint.NOW, view -> Document.of(view.find(scope.key())));
        return scope.head()
                .with("state", place.find(found.state))
                .with("version", found.version)
                .with("timestamp", found.wallMillis)
                .with("state_path", path)
                .with("fetch_timestamp", ask.clockMillis())
                .with("is_latest", found.version == latest.version && found.wallMillis == latest.wallMillis)
                .toNode();
    }

    /** The latest whose version is that or a lower one. */
    private static Document ofVersion(StateView view, Key key, long version) {
        Entry newest = view.find(key);
        if (newest == null) {
            return Document.NONE;
        }
        List<Entry> versions = view.versions(key, newest.version(), VERSIONS_READ_MAX, VERSIONS_BYTES_MAX);
        for (Entry entry : versions) {
            Document document = Document.of(entry);
            if (entry.value() != null && document.version <= version) {
                return document;
            }
        }
        if (versions.get(versions.size() - 1).version() > 1) {
            throw Refusals.limitExceeded("versionsReadMax", VERSIONS_READ_MAX, newest.version());
        }
        return Document.NONE;
    }

    private static JsonNode update(Ask ask, Params params) {
        Scope scope = Scope.of(ask, params);
        boolean isMerge = params.word("update_format", FORMATS, MERGE).equals(MERGE);
        JsonNode patch = params.object("state_update").toNode();
        JsonPath place = JsonPath.parse("update_path", params.optionalText("update_path"));
        JsonPath.Change change = isMerge ? merging(patch) : patching(params.object("state_update"));
        List<Leases.Fence> fences = Leases.fences(params, "fences");
        return commit(ask, scope, fences, before -> {
            requireLatest(params, "update_version", before.version, before);
            requireLatest(params, "update_timestamp", before.wallMillis, before);
            return new Document(changed(place, before.state, change), before.version + 1, 0);
        });
    }

    private static JsonPath.Change merging(JsonNode patch) {
        return before -> MergePatch.apply(before == null ? JsonObject.EMPTY : before, patch);
    }

    private static JsonPath.Change patching(Params update) {
        JsonArray operations = update.optionalArray("operations");
        if (operations == null) {
            throw Refusals.invalid("state_update", "has no operations");
        }
        return before -> {
            var work = new AtomicLong();
            return JsonPatch.of(operations).apply(before == null ? JsonObject.EMPTY : before, BOUNDS, bytes -> {
                if (work.addAndGet(bytes) > Limits.EDIT_WORK_BYTES_MAX) {
                    throw Refusals.limitExceeded("editWorkBytesMax", Limits.EDIT_WORK_BYTES_MAX, work.get());
                }
            });
        };
    }

    private static JsonNode changed(JsonPath place, JsonNode state, JsonPath.Change change) {
        JsonNode after;
        try {
            after = place.change(state, change);
        } catch (JsonPatchException e) {
            throw new ServiceException(
                    ErrorKind.NOT_APPLICABLE,
                    "the update does not fit the document: " + e.getMessage() + "; nothing was applied",
                    Map.of());
        }
        if (!(after instanceof JsonObject)) {
            throw Ask.broken("a document is an object");
        }
        return after;
    }

    private static void requireLatest(Params params, String name, long current, Document before) {
        if (params.has(name) && params.whole(name, 0, Long.MAX_VALUE) != current) {
            throw new ServiceException(
                    ErrorKind.CONFLICT,
                    name + " is not the latest; the current version is " + before.version,
                    Map.of("current_version", Long.toString(before.version)));
        }
    }

    private static JsonNode load(Ask ask, Params params) {
        Scope scope = Scope.of(ask, params);
        JsonNode state = params.object("state").toNode();
        long version = params.whole("version", 0, Long.MAX_VALUE - 1);
        return commit(ask, scope, List.of(), before -> new Document(state, version, 0));
    }

    /** Makes the next document of the one before. */
    private interface Making {
        Document next(Document before);
    }

    private static JsonNode commit(Ask ask, Scope scope, List<Leases.Fence> fences, Making making) {
        Key key = scope.key();
        return ask.commit(
                view -> {
                    requireRunning(view, scope);
                    Entry entry = view.find(key);
                    Document next = making.next(Document.of(entry));
                    return Ask.propose(
                            List.of(Document.put(key, next.state, next.version)),
                            conditions(ask, scope, entry, fences));
                },
                done -> {
                    Doc kept = Doc.parse(Objects.requireNonNull(done.value()));
                    return scope.head()
                            .with("state", kept.node("state"))
                            .with("version", kept.number("version"))
                            .with("timestamp", done.wallMillis())
                            .toNode();
                });
    }

    private static void requireRunning(StateView view, Scope scope) {
        Entry paused = view.find(Scope.paused(scope.home()));
        if (paused != null && !paused.isTombstone()) {
            throw Ask.broken("guild " + scope.guildId() + " is paused");
        }
    }

    private static List<Condition> conditions(Ask ask, Scope scope, @Nullable Entry entry, List<Leases.Fence> fences) {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(new Condition.VersionEquals(scope.key(), entry == null ? 0 : entry.version()));
        conditions.add(new Condition.Absent(Scope.paused(scope.home())));
        conditions.addAll(Leases.conditions(ask, fences));
        return conditions;
    }

    /** The document is gone; its versions stay in the history, and can be fetched by time. */
    private static JsonNode remove(Ask ask, Params params) {
        Scope scope = Scope.of(ask, params);
        return ask.commitVoid(view -> {
            requireRunning(view, scope);
            Entry entry = view.find(scope.key());
            return entry == null || entry.isTombstone()
                    ? Ask.answer(Doc.NULL)
                    : Ask.propose(List.of(new Operation.Delete(scope.key())), conditions(ask, scope, entry, List.of()));
        });
    }
}
