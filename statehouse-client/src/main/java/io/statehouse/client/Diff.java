package io.statehouse.client;

import java.util.Iterator;
import java.util.function.Function;

/** The keys that differ between two moments or two agents, in ascending order of their UTF-8 bytes. */
public final class Diff implements Iterable<KeyDiff> {
    private final Listing<KeyDiff> keys;
    private final long beforeTs;

    Diff(Page<KeyDiff> first, long beforeTs, Function<Page<KeyDiff>, Page<KeyDiff>> nextPage) {
        this.keys = new Listing<>(first, nextPage);
        this.beforeTs = beforeTs;
    }

    /** The commit_ts of the side before. */
    public long beforeTs() {
        return beforeTs;
    }

    /** The commit_ts of the side after. */
    public long afterTs() {
        return keys.readTs();
    }

    @Override
    public Iterator<KeyDiff> iterator() {
        return keys.iterator();
    }

    /** The keys, fetched page by page. */
    public Listing<KeyDiff> keys() {
        return keys;
    }
}
