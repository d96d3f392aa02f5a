package io.statehouse.statemachine.history;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.Quota;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.codec.EntryCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.codec.QuotaCodec;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.Usage;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps count of what namespaces with a quota take, and finds what would pass it.
 *
 * <p>A namespace that gets its first quota is counted a bounded way at a time, in the order of its keys, and bound once it is
 * counted, after those before it by name; what is written meanwhile before the place that the count has reached is in the numbers, and what is written behind it
 * will be. Namespaces without a quota cost nothing.
 */
public final class Quotas {
    /** In {@link Table#META}, which releases of before there were quotas read one row of. */
    private static final byte[] PREFIX = "quota ".getBytes(StandardCharsets.UTF_8);

    private static final int KEYS_BY_TICK_MAX = 1_000;

    private Quotas() {}

    /** What a namespace may take and takes. */
    public static Usage find(Rows rows, String namespace) {
        byte[] row = rows.get(Table.META, rowOf(Timeline.MAIN, namespace));
        return row == null ? Usage.unbounded() : QuotaCodec.decode(row);
    }

    /** What every namespace takes that has or had a quota, by name. */
    public static SortedMap<String, Usage> usages(Rows rows) {
        int parentBytes = PREFIX.length + KeyCodec.ofTimeline(Timeline.MAIN).length;
        SortedMap<String, Usage> usages = new TreeMap<>();
        for (Row row : all(rows)) {
            usages.put(KeyCodec.lastText(row.key(), parentBytes), QuotaCodec.decode(row.value()));
        }
        return usages;
    }

    /** Puts a quota in force unless that would make too many; returns how many namespaces have or had one. */
    public static long set(SetQuota set, long namespaces, WriteUnit unit) {
        byte[] at = rowOf(Timeline.MAIN, set.namespace());
        byte[] row = unit.get(Table.META, at);
        long after = row == null ? namespaces + 1 : namespaces;
        if (after <= Limits.QUOTA_NAMESPACES_MAX) {
            Usage usage = row == null
                    ? Usage.uncounted(set.quota())
                    : QuotaCodec.decode(row).under(set.quota());
            unit.put(Table.META, at, QuotaCodec.encode(usage));
        }
        return after;
    }

    /** The first quota that a commit of these events would pass; null when it passes none. */
    public static @Nullable Reply firstPassed(List<Event> events, Rows rows) {
        for (Map.Entry<Space, Change> one : changes(events, rows).entrySet()) {
            Usage usage = one.getValue().before;
            Quota quota = usage.quota();
            long bytes = usage.bytes() + one.getValue().bytes;
            long agents = usage.agents() + one.getValue().agents;
            // What is beyond already may shrink, and be deleted from.
            if (isPassed(usage, quota.bytesMax(), usage.bytes(), bytes)) {
                return new Reply.LimitExceeded(Limits.BYTES_QUOTA, quota.bytesMax(), bytes);
            }
            if (isPassed(usage, quota.agentsMax(), usage.agents(), agents)) {
                return new Reply.LimitExceeded(Limits.AGENTS_QUOTA, quota.agentsMax(), agents);
            }
        }
        return null;
    }

    private static boolean isPassed(Usage usage, long max, long before, long after) {
        return usage.isCounted() && max > 0 && after > max && after > before;
    }

    /** Follows a commit whose rows are not in the unit yet. */
    public static void follow(List<Event> events, WriteUnit unit) {
        changes(events, unit)
                .forEach((space, change) -> unit.put(
                        Table.META,
                        rowOf(space.timeline, space.namespace),
                        QuotaCodec.encode(change.before.plus(change.bytes, change.agents))));
    }

    private record Space(Timeline timeline, String namespace) {
        static Space of(Agent agent) {
            return new Space(agent.timeline(), agent.namespace());
        }
    }

    /** What a commit adds to a namespace. */
    private static final class Change {
        private final Usage before;
        private long bytes;
        private long agents;

        Change(Usage before) {
            this.before = before;
        }
    }

    /** Of the namespaces that have a quota, in the order in which the commit names them. */
    private static Map<Space, Change> changes(List<Event> events, Rows rows) {
        Map<Space, Change> changes = new LinkedHashMap<>();
        Map<Space, Boolean> isBounded = new HashMap<>();
        Map<Key, Long> sizes = new HashMap<>();
        Map<Agent, Boolean> isNew = new HashMap<>();
        for (Event event : events) {
            Agent agent = event.key().agent();
            Space space = Space.of(agent);
            boolean counts = isBounded.computeIfAbsent(space, asked -> {
                byte[] row = rows.get(Table.META, rowOf(asked.timeline, asked.namespace));
                if (row != null) {
                    changes.put(asked, new Change(QuotaCodec.decode(row)));
                }
                return row != null;
            });
            if (counts) {
                Change change = Objects.requireNonNull(changes.get(space));
                byte[] key = KeyCodec.ofKey(event.key());
                long size = sizeOf(event, key);
                if (change.before.holds(key)) {
                    Long before = sizes.get(event.key());
                    change.bytes += size - (before == null ? sizeNow(rows, key) : before);
                }
                sizes.put(event.key(), size);
                byte[] agentRow = KeyCodec.ofAgent(agent);
                if (isNew.putIfAbsent(agent, true) == null
                        && change.before.holds(agentRow)
                        && rows.get(Table.AGENTS, agentRow) == null) {
                    change.agents++;
                }
            }
        }
        return changes;
    }

    private static long sizeOf(Event event, byte[] key) {
        return switch (event) {
            case Event.EntryPut put -> (long) key.length + put.value().length();
            case Event.EntryDeleted deleted -> 0;
            case Event.EntryErased erased -> 0;
        };
    }

    private static long sizeNow(Rows rows, byte[] key) {
        Row newest = rows.first(Table.VERSIONS, KeyRange.ofPrefix(key));
        long value = newest == null ? -1 : EntryCodec.decodeValueBytes(newest);
        return value < 0 ? 0 : key.length + value;
    }

    /** Counts some more of the namespaces that are not counted: one after the other, and no more keys than its bound in all. */
    public static void tick(WriteUnit unit) {
        int left = KEYS_BY_TICK_MAX;
        for (Row row : all(unit)) {
            Usage usage = QuotaCodec.decode(row.value());
            if (!usage.isCounted() && left > 0) {
                byte[] namespace = Arrays.copyOfRange(row.key(), PREFIX.length, row.key().length);
                Counted counted = countOn(namespace, usage, left, unit);
                // Finding that there is nothing takes time, too.
                left -= Math.max(1, counted.keys);
                unit.put(Table.META, row.key(), QuotaCodec.encode(counted.usage));
            }
        }
    }

    private record Counted(Usage usage, int keys) {}

    private static Counted countOn(byte[] namespace, Usage before, int keysMax, Rows rows) {
        KeyRange keys = KeyRange.ofPrefix(namespace);
        byte[] last = before.countedTo();
        // The smallest row behind the last one.
        KeyRange rest = last.length == 0 ? keys : keys.startingAt(Arrays.copyOf(last, last.length + 1));
        Usage usage = before;
        boolean isOver = false;
        int read = 0;
        try (Cursor cursor = rows.ascending(Table.KEYS, rest)) {
            while (read < keysMax && !isOver) {
                isOver = !cursor.advance();
                if (!isOver) {
                    read++;
                    byte[] key = cursor.key();
                    byte[] agent = KeyCodec.agentOfKey(key);
                    boolean isNewAgent = !startsWith(last, agent);
                    usage = usage.plus(sizeNow(rows, key), isNewAgent ? 1 : 0);
                    last = key;
                }
            }
        }
        return new Counted(usage.countedTo(last, isOver), read);
    }

    private static boolean startsWith(byte[] row, byte[] prefix) {
        return row.length >= prefix.length && Arrays.equals(row, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Whether some namespace is still to be counted. */
    public static boolean isDue(Rows rows) {
        return all(rows).stream()
                .anyMatch(row -> !QuotaCodec.decode(row.value()).isCounted());
    }

    /** Has all namespaces counted anew, when rows were taken away behind the count. */
    static void forget(Rows rows, WriteUnit unit) {
        for (Row row : all(rows)) {
            Usage anew = Usage.uncounted(QuotaCodec.decode(row.value()).quota());
            unit.put(Table.META, row.key(), QuotaCodec.encode(anew));
        }
    }

    /** The rows of all quotas. */
    static List<Row> all(Rows rows) {
        List<Row> all = new ArrayList<>();
        try (Cursor cursor = rows.ascending(Table.META, KeyRange.ofPrefix(PREFIX))) {
            while (cursor.advance()) {
                all.add(new Row(cursor.key(), cursor.value()));
            }
        }
        return all;
    }

    private static byte[] rowOf(Timeline timeline, String namespace) {
        byte[] space = KeyCodec.ofNamespace(timeline, namespace);
        byte[] row = Arrays.copyOf(PREFIX, PREFIX.length + space.length);
        System.arraycopy(space, 0, row, PREFIX.length, space.length);
        return row;
    }
}
