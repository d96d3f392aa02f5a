package io.statehouse.statemachine.state;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.CompactedException;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.codec.EntryCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state as of a commit, read from the rows that are not newer than it.
 *
 * <p>Versions never change, so the number alone is the picture: nothing is pinned, and a view may be kept for ever. Retention
 * takes rows away together with raising the floor; so each answer asks for the floor after it has read.
 */
public final class CommitView implements StateView {
    /** A page stops after passing over this many names without a value: they cost a reader too. */
    static final int NAMES_PASSED_MAX = 10_000;

    private static final long NOT_ASKED = Long.MIN_VALUE;

    private final Store store;
    private final CommitTs at;
    private final LongSupplier wallTime;
    private volatile long wallMillis = NOT_ASKED;

    public CommitView(Store store, CommitPoint point) {
        this(store, point.commitTs(), point::wallMillis);
    }

    /**
     * A view of a commit whose wall time takes looking up.
     *
     * @param wallTime milliseconds since 1970; asked when somebody wants to know, or a value has a deadline
     */
    public CommitView(Store store, CommitTs at, LongSupplier wallTime) {
        this.store = store;
        this.at = at;
        this.wallTime = wallTime;
    }

    @Override
    public CommitTs at() {
        return at;
    }

    @Override
    public long wallMillis() {
        // Whoever asks at the same time gets the same answer.
        if (wallMillis == NOT_ASKED) {
            wallMillis = wallTime.getAsLong();
        }
        return wallMillis;
    }

    /** What this view shows of an entry. */
    private Entry shown(Entry entry) {
        return entry.expiresMillis() == 0 ? entry : entry.at(wallMillis());
    }

    private boolean showsValue(KeyHead head) {
        return head.expiresMillis() == 0 ? head.hasValue() : head.hasValue(wallMillis());
    }

    @Override
    public @Nullable Entry find(Key key) {
        try (KeyVersions versions = new KeyVersions(store, at())) {
            Row row = versions.newest(KeyCodec.ofKey(key));
            requireKept(key.agent());
            return row == null ? null : shown(EntryCodec.decode(row));
        }
    }

    @Override
    public @Nullable Entry findVersion(Key key, long version) {
        try (KeyVersions versions = new KeyVersions(store, at())) {
            Row row = versions.ofVersion(KeyCodec.ofKey(key), version);
            requireKept(key.agent());
            if (row == null && isBelowNewest(key, version)) {
                throw compacted(key.agent());
            }
            return row == null ? null : EntryCodec.decode(row);
        }
    }

    /** Whether the key had a version which retention has let go. */
    public boolean isErased(Key key, long version) {
        try (KeyVersions versions = new KeyVersions(store, at())) {
            return versions.ofVersion(KeyCodec.ofKey(key), version) == null && isBelowNewest(key, version);
        }
    }

    /** Versions of a key count by one from 1, so one below the newest has been there. */
    private boolean isBelowNewest(Key key, long version) {
        try (KeyVersions versions = new KeyVersions(store, at())) {
            Row newest = versions.newest(KeyCodec.ofKey(key));
            return version >= 1 && newest != null && KeyCodec.versionOfVersion(newest.key()) > version;
        }
    }

    private void requireKept(Agent agent) {
        Floors.require(store, agent.timeline(), agent.namespace(), at());
    }

    private CompactedException compacted(Agent agent) {
        return new CompactedException(
                agent.namespace(),
                Floors.find(store, agent.timeline(), agent.namespace()).floor());
    }

    @Override
    public List<Entry> versions(Key key, long newest, int itemsMax, long bytesMax) {
        List<Entry> found = new ArrayList<>();
        try (KeyVersions versions = new KeyVersions(store, at())) {
            long bytes = 0;
            Row row = versions.newestUpToVersion(KeyCodec.ofKey(key), newest);
            while (row != null && found.size() < itemsMax && bytes <= bytesMax) {
                found.add(EntryCodec.decode(row));
                bytes += row.value().length;
                row = versions.older(KeyCodec.ofKey(key));
            }
        }
        requireKept(key.agent());
        return found;
    }

    @Override
    public Page<NamedEntry> scan(Agent agent, PageRequest request) {
        try (KeyVersions versions = new KeyVersions(store, at())) {
            Names names = new Names(Table.KEYS, KeyCodec.ofAgent(agent), request);
            Page<NamedEntry> page = names.page((name, row) -> {
                Row newest = versions.newest(row.key());
                Entry entry = newest == null ? null : shown(EntryCodec.decode(newest));
                return entry == null || entry.value() == null
                        ? null
                        : new Sized<>(new NamedEntry(name, entry), entry.value().length());
            });
            requireKept(agent);
            return page;
        }
    }

    @Override
    public Page<String> keys(Agent agent, PageRequest request) {
        try (KeyVersions versions = new KeyVersions(store, at())) {
            Names names = new Names(Table.KEYS, KeyCodec.ofAgent(agent), request);
            Page<String> page = names.page((name, row) -> {
                Row newest = versions.newest(row.key());
                return newest == null || !showsValue(EntryCodec.decodeHead(newest)) ? null : new Sized<>(name, 0);
            });
            requireKept(agent);
            return page;
        }
    }

    @Override
    public Page<String> agents(Timeline timeline, String namespace, PageRequest request) {
        Names names = new Names(Table.AGENTS, KeyCodec.ofNamespace(timeline, namespace), request);
        return names.page((name, row) -> new Sized<>(name, 0));
    }

    @Override
    public Page<String> namespaces(Timeline timeline, PageRequest request) {
        Names names = new Names(Table.NAMESPACES, KeyCodec.ofTimeline(timeline), request);
        return names.page((name, row) -> new Sized<>(name, 0));
    }

    /** An item of a page and the bytes it adds to its name's. */
    private record Sized<T>(T item, long bytes) {}

    private interface ItemOf<T> {
        /** What a row stands for in this view; null = nothing. */
        @Nullable
        Sized<T> read(String name, Row row);
    }

    /** One page of a table of names. */
    private final class Names {
        private final Table table;
        private final byte[] parent;
        private final PageRequest request;

        Names(Table table, byte[] parent, PageRequest request) {
            this.table = table;
            this.parent = parent;
            this.request = request;
        }

        <T> Page<T> page(ItemOf<T> items) {
            List<T> found = new ArrayList<>();
            String last = null;
            long bytes = 0;
            int passed = 0;
            try (Cursor cursor = store.ascending(table, range())) {
                while (cursor.advance()) {
                    if (found.size() >= request.itemsMax() || bytes > request.bytesMax() || isTired(passed)) {
                        return new Page<>(found, last);
                    }
                    last = KeyCodec.lastText(cursor.key(), parent.length);
                    Sized<T> item = read(items, last, new Row(cursor.key(), cursor.value()));
                    if (item == null) {
                        passed++;
                    } else {
                        found.add(item.item());
                        bytes += cursor.key().length - parent.length + item.bytes();
                    }
                }
            }
            return new Page<>(found, null);
        }

        private boolean isTired(int passed) {
            return request.itemsMax() != PageRequest.ALL && passed >= NAMES_PASSED_MAX;
        }

        private <T> @Nullable Sized<T> read(ItemOf<T> items, String name, Row row) {
            CommitTs since = new CommitTs(KeyCodec.number(row.value()));
            return since.isAfter(at()) ? null : items.read(name, row);
        }

        private KeyRange range() {
            KeyRange all = KeyRange.ofPrefix(KeyCodec.ofPrefix(parent, request.prefix()));
            String after = request.after();
            return after == null ? all : all.startingAt(KeyCodec.after(parent, after));
        }
    }
}
