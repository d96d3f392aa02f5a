package io.statehouse.node.service;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.NamedEntry;
import io.statehouse.statemachine.state.Page;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.state.StateView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Walks two agents, or one at two moments, side by side: what each key held there and holds here. */
final class EntryPairs {
    private static final int NAMES_PER_STEP = 256;
    private static final long BYTES_PER_STEP = 1 << 20;
    private static final Comparator<String> BYTE_ORDER =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private EntryPairs() {}

    /** One agent at one moment. */
    record Side(StateView view, Agent agent) {
        private Page<NamedEntry> scan(@Nullable String after) {
            return view.scan(agent, new PageRequest("", after, NAMES_PER_STEP, BYTES_PER_STEP));
        }

        /** What the key holds; null when it holds nothing. */
        @Nullable
        Entry find(String name) {
            Entry entry = view.find(agent.key(name));
            return entry == null || entry.isTombstone() ? null : entry;
        }
    }

    /** What a key held on both sides; null = nothing. */
    record Pair(
            String name, @Nullable Entry before, @Nullable Entry after) {
        /** Whether both sides hold the same bytes, or nothing. */
        boolean isSame() {
            if (before == null || after == null) {
                return before == null && after == null;
            }
            return Objects.equals(before.value(), after.value());
        }
    }

    /** The pairs that are wanted among the next few names, in byte order. Bounded work. */
    static Page<Pair> step(Side before, Side after, @Nullable String from, Predicate<Pair> isWanted) {
        Page<NamedEntry> left = before.scan(from);
        Page<NamedEntry> right = after.scan(from);
        String last = smaller(left.next(), right.next());
        TreeMap<String, Pair> pairs = new TreeMap<>(BYTE_ORDER);
        for (NamedEntry entry : left.items()) {
            pairs.put(entry.name(), new Pair(entry.name(), entry.entry(), null));
        }
        for (NamedEntry entry : right.items()) {
            Pair known = pairs.get(entry.name());
            Entry was = known == null ? null : known.before();
            pairs.put(entry.name(), new Pair(entry.name(), was, entry.entry()));
        }
        // What lies behind the shorter page's end has been seen on one side only.
        var seen = last == null ? pairs : pairs.headMap(last, true);
        return new Page<>(seen.values().stream().filter(isWanted).toList(), last);
    }

    private static @Nullable String smaller(@Nullable String left, @Nullable String right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        return BYTE_ORDER.compare(left, right) <= 0 ? left : right;
    }
}
