package io.statehouse.statemachine.state;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.codec.EntryCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;

/** The newest versions as a unit that is not written yet leaves them. */
public final class PendingHeads implements KeyHeads {
    private final Rows rows;
    private final HeadCache cache;

    public PendingHeads(Rows rows, HeadCache cache) {
        this.rows = rows;
        this.cache = cache;
    }

    @Override
    public KeyHead headOf(Key key) {
        KeyHead known = cache.get(key);
        if (known != null) {
            return known;
        }
        KeyHead found = find(KeyCodec.ofKey(key));
        cache.put(key, found);
        return found;
    }

    /** Follows a commit whose rows are in the unit. */
    public void learn(CommittedTransaction commit) {
        for (Event event : commit.events()) {
            KeyHead head = switch (event) {
                case Event.EntryPut put -> new KeyHead(put.version(), commit.commitTs(), true, put.expiresMillis());
                case Event.EntryDeleted deleted -> new KeyHead(deleted.version(), commit.commitTs(), false);
                case Event.EntryErased erased -> throw new IllegalArgumentException("nobody commits an erased version");
            };
            cache.put(event.key(), head);
        }
    }

    private KeyHead find(byte[] key) {
        // Finding the newest version walks down all levels; that there is none, a filter says at once.
        if (rows.get(Table.KEYS, key) == null) {
            return KeyHead.NEVER;
        }
        Row newest = rows.first(Table.VERSIONS, KeyRange.ofPrefix(key));
        return newest == null ? KeyHead.NEVER : EntryCodec.decodeHead(newest);
    }
}
