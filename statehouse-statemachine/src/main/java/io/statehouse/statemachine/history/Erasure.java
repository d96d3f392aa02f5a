package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.EntryCodec;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.MadeVersion;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Takes superseded versions away: their rows at once, and their values in the journal once per commit that made them. */
final class Erasure {
    private final WriteUnit unit;
    private final TreeMap<CommitTs, Set<MadeVersion>> gone = new TreeMap<>();
    private StateDigest trimmed;

    Erasure(WriteUnit unit, StateDigest trimmed) {
        this.unit = unit;
        this.trimmed = trimmed;
    }

    /** Takes away the versions of a key that were made before a commit; whether there were any. */
    boolean takeOlder(Key key, CommitTs at) {
        List<Row> older = older(KeyCodec.ofKey(key), new CommitTs(at.value() - 1));
        for (Row row : older) {
            unit.delete(Table.VERSIONS, row.key());
            trimmed = EntryCodec.add(trimmed, row);
            gone.computeIfAbsent(KeyCodec.commitTsOfVersion(row.key()), made -> new LinkedHashSet<>())
                    .add(new MadeVersion(key, KeyCodec.versionOfVersion(row.key())));
        }
        return !older.isEmpty();
    }

    private List<Row> older(byte[] key, CommitTs upTo) {
        List<Row> older = new ArrayList<>();
        KeyRange range = KeyRange.ofPrefix(key).startingAt(KeyCodec.ofVersionsUpTo(key, upTo));
        try (Cursor cursor = unit.ascending(Table.VERSIONS, range)) {
            while (cursor.advance()) {
                older.add(new Row(cursor.key(), cursor.value()));
            }
        }
        return older;
    }

    /** Blanks in the journal what was taken away, and returns the digest of all that ever was. */
    StateDigest finish() {
        gone.forEach((at, versions) -> {
            byte[] place = KeyCodec.ofNumber(at.value());
            byte[] row = unit.get(Table.JOURNAL, place);
            if (row == null) {
                throw new StoreFailedException("commit " + at + " is missing in the journal; this replica must stop");
            }
            unit.put(Table.JOURNAL, place, JournalCodec.erase(row, versions));
        });
        gone.clear();
        return trimmed;
    }
}
