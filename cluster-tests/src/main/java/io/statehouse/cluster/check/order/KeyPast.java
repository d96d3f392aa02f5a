package io.statehouse.cluster.check.order;

import io.statehouse.statemachine.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one key held, commit by commit. */
final class KeyPast {
    private final List<Held> held = new ArrayList<>();

    /**
     * What a key holds since a commit.
     *
     * @param value null = none
     * @param version 0 = never written
     */
    record Held(@Nullable Json value, long version, long commitTs) {
        static final Held NOTHING = new Held(null, 0, 0);
    }

    void add(Held next) {
        if (!held.isEmpty() && held.getLast().commitTs() == next.commitTs()) {
            // Of several operations of one commit the last is what the commit leaves behind.
            held.removeLast();
        }
        held.add(next);
    }

    /** What the key held after this commit. */
    Held at(long commitTs) {
        int index = countUpTo(commitTs);
        return index == 0 ? Held.NOTHING : held.get(index - 1);
    }

    /** The first commit after this one that changed the key; {@link Long#MAX_VALUE} when none did. */
    long nextChangeAfter(long commitTs) {
        int index = countUpTo(commitTs);
        return index == held.size() ? Long.MAX_VALUE : held.get(index).commitTs();
    }

    Held latest() {
        return held.isEmpty() ? Held.NOTHING : held.getLast();
    }

    private int countUpTo(long commitTs) {
        int low = 0;
        int high = held.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (held.get(middle).commitTs() <= commitTs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
