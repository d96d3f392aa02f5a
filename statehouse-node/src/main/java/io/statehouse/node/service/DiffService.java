package io.statehouse.node.service;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.json.JsonDiff;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonPatch;
import io.statehouse.statemachine.json.JsonSyntaxException;
import io.statehouse.statemachine.json.JsonWriter;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.Page;
import io.statehouse.statemachine.state.StateView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says what makes one state of another: two versions of a key, one agent at two moments, or two agents. */
public final class DiffService {
    /** What a key costs an answer besides its name and its patch. */
    private static final int ITEM_BYTES = 48;

    /** Deeper values have never been let in. */
    private static final int DEPTH_MAX = 1_000;

    private final StateService state;
    private final AccessPolicy policy;
    private final LimitGuard guard;
    private final long pageBytesMax;

    /** @param pageBytesMax largest sum of names and patches of one answer */
    public DiffService(StateService state, StateService.Node node, long pageBytesMax) {
        this.state = state;
        this.policy = node.policy();
        this.guard = node.guard();
        this.pageBytesMax = pageBytesMax;
    }

    /**
     * One side of a difference.
     *
     * @param key null = the whole agent
     * @param version this version of the key, whatever the moment; 0 = none
     */
    public record Side(Agent agent, @Nullable String key, long version, ReadPoint.Moment moment) {}

    /**
     * What to compare, and how much of it to answer.
     *
     * @param freshness how much this node must have applied
     * @param from only keys after this one; null = from the first
     * @param keysMax end after this many differing keys; 0 = all, or an error if they are too large for one answer
     */
    public record Query(
            Side before,
            Side after,
            ReadPoint.Freshness freshness,
            @Nullable String from,
            int keysMax) {}

    /**
     * One key that differs.
     *
     * @param versionBefore 0 = it held nothing
     * @param versionAfter 0 = it holds nothing
     * @param patch applied to the value before, null where there was none, it gives the value after; null = deleted
     */
    public record Difference(
            String key,
            long versionBefore,
            long versionAfter,
            @Nullable Json patch) {
        private long bytes() {
            return ITEM_BYTES + key.getBytes(StandardCharsets.UTF_8).length + (patch == null ? 0L : patch.length());
        }
    }

    /**
     * Some differing keys in byte order.
     *
     * @param next after which key the next page begins; null = there is none
     */
    public record Differences(
            List<Difference> keys,
            CommitTs before,
            CommitTs after,
            @Nullable String next) {
        public Differences {
            keys = List.copyOf(keys);
        }
    }

    /** What differs. */
    public CompletableFuture<Differences> diff(Caller caller, Query query) {
        check(query.before());
        check(query.after());
        if ((query.before().key() == null) != (query.after().key() == null)) {
            throw Refusals.invalid("key", "set on one side only");
        }
        policy.require(caller, Role.READER, query.before().agent().namespace());
        return look(caller, query, past -> {
                    String key = query.after().key();
                    return key == null ? Walk.from(past, query) : Walk.ofKey(differenceOfKey(past, query));
                })
                .thenCompose(walk -> walk.isOver() ? done(walk) : step(caller, query, walk));
    }

    private void check(Side side) {
        guard.check(side.agent());
        String key = side.key();
        if (key != null) {
            guard.check(side.agent().key(key));
        } else if (side.version() != 0) {
            throw Refusals.invalid("version", "set without a key");
        }
    }

    private <T> CompletableFuture<T> look(Caller caller, Query query, Function<Past, T> question) {
        ReadPoint point = new ReadPoint(query.freshness(), new ReadPoint.Moment.Present());
        return state.look(caller, query.after().agent().namespace(), point, question);
    }

    private static Differences differenceOfKey(Past past, Query query) {
        Found before = find(past, query.before());
        Found after = find(past, query.after());
        Difference difference =
                difference(new EntryPairs.Pair(String.valueOf(query.after().key()), before.entry, after.entry));
        return new Differences(difference == null ? List.of() : List.of(difference), before.at, after.at, null);
    }

    private record Found(@Nullable Entry entry, CommitTs at) {}

    private static Found find(Past past, Side side) {
        Key key = side.agent().key(String.valueOf(side.key()));
        if (side.version() == 0) {
            StateView view = past.at(side.moment());
            return new Found(new EntryPairs.Side(view, side.agent()).find(key.name()), view.at());
        }
        Entry entry = past.present().findVersion(key, side.version());
        if (entry == null) {
            throw Refusals.noVersion(key, side.version(), past.present().at());
        }
        return new Found(entry.isTombstone() ? null : entry, entry.commitTs());
    }

    /** A difference of agents on its way: a few names at a time, so that no question is long. */
    private record Walk(Differences found, long bytes, boolean isOver) {
        static Walk from(Past past, Query query) {
            CommitTs before = past.at(query.before().moment()).at();
            CommitTs after = past.at(query.after().moment()).at();
            return new Walk(new Differences(List.of(), before, after, query.from()), 0, false);
        }

        static Walk ofKey(Differences found) {
            return new Walk(found, 0, true);
        }
    }

    private CompletableFuture<Differences> step(Caller caller, Query query, Walk walk) {
        if (caller.isLate()) {
            return CompletableFuture.failedFuture(Refusals.notReady("the comparison did not end in time"));
        }
        return look(caller, query, past -> goOn(past, query, walk))
                .thenCompose(further -> further.isOver() ? done(further) : step(caller, query, further));
    }

    private static CompletableFuture<Differences> done(Walk walk) {
        return CompletableFuture.completedFuture(walk.found());
    }

    private Walk goOn(Past past, Query query, Walk walk) {
        var before = new EntryPairs.Side(
                past.at(walk.found().before()), query.before().agent());
        var after =
                new EntryPairs.Side(past.at(walk.found().after()), query.after().agent());
        Page<EntryPairs.Pair> pairs =
                EntryPairs.step(before, after, walk.found().next(), pair -> !pair.isSame());
        List<Difference> keys = new ArrayList<>(walk.found().keys());
        long bytes = walk.bytes();
        String next = pairs.next();
        for (EntryPairs.Pair pair : pairs.items()) {
            Difference difference = difference(pair);
            if (difference == null) {
                continue;
            }
            bytes += difference.bytes();
            if (bytes > pageBytesMax || (query.keysMax() > 0 && keys.size() >= query.keysMax())) {
                return over(query, walk, keys, bytes);
            }
            keys.add(difference);
        }
        Differences found =
                new Differences(keys, walk.found().before(), walk.found().after(), next);
        return new Walk(found, bytes, next == null);
    }

    /** The page is full before everything was compared; it goes on behind its last key. */
    private Walk over(Query query, Walk walk, List<Difference> keys, long bytes) {
        if (query.keysMax() == 0 || keys.isEmpty()) {
            throw Refusals.limitExceeded("responseBytesMax (set page_size to read more)", pageBytesMax, bytes);
        }
        String last = keys.get(keys.size() - 1).key();
        return new Walk(
                new Differences(keys, walk.found().before(), walk.found().after(), last), bytes, true);
    }

    private static @Nullable Difference difference(EntryPairs.Pair pair) {
        Entry before = pair.before();
        Entry after = pair.after();
        if (pair.isSame()) {
            return null;
        }
        long versionBefore = before == null ? 0 : before.version();
        if (after == null) {
            return new Difference(pair.name(), versionBefore, 0, null);
        }
        JsonPatch patch = JsonDiff.between(node(before), node(after));
        return before != null && patch.steps().isEmpty()
                ? null
                : new Difference(pair.name(), versionBefore, after.version(), JsonWriter.write(patch.toJson()));
    }

    private static JsonNode node(@Nullable Entry entry) {
        Json value = entry == null ? null : entry.value();
        try {
            return value == null ? new JsonNode.JsonNull() : JsonParser.parse(value.utf8(), DEPTH_MAX);
        } catch (JsonSyntaxException e) {
            throw new IllegalStateException("a stored value is no JSON", e);
        }
    }
}
