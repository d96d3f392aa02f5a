package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.EntryCodec;
import io.statehouse.statemachine.codec.JournalRecord;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Goes along all version rows and adds them up; asked to, it also looks for the first that no event accounts for. */
final class VersionCount {
    private final Rows rows;
    private final boolean isSearching;
    private KeyRange rest = KeyRange.all();
    private StateDigest digest = StateDigest.EMPTY;
    private @Nullable CommitTs firstUnaccounted;
    private boolean isFinished;

    private VersionCount(Rows rows, boolean isSearching) {
        this.rows = rows;
        this.isSearching = isSearching;
    }

    static VersionCount adding(Rows rows) {
        return new VersionCount(rows, false);
    }

    static VersionCount searching(Rows rows) {
        return new VersionCount(rows, true);
    }

    void step(int rowsMax) {
        try (Cursor cursor = rows.ascending(Table.VERSIONS, rest)) {
            for (int count = 0; count < rowsMax; count++) {
                if (!cursor.advance()) {
                    isFinished = true;
                    return;
                }
                pass(new Row(cursor.key(), cursor.value()));
            }
            rest = rest.startingAt(Arrays.copyOf(cursor.key(), cursor.key().length + 1));
        }
    }

    private void pass(Row row) {
        digest = add(row);
        CommitTs at = KeyCodec.commitTsOfVersion(row.key());
        boolean isEarlier = firstUnaccounted == null || firstUnaccounted.isAfter(at);
        if (isSearching && isEarlier && !isAccountedFor(row, at)) {
            firstUnaccounted = at;
        }
    }

    /** A row that is no version adds nothing; the sum tells that it is there. */
    private StateDigest add(Row row) {
        try {
            return EntryCodec.add(digest, row);
        } catch (StoreFailedException e) {
            return digest;
        }
    }

    private boolean isAccountedFor(Row row, CommitTs at) {
        byte[] journal = rows.get(Table.JOURNAL, KeyCodec.ofNumber(at.value()));
        JournalRecord record = journal == null ? null : JournalRecord.read(journal);
        if (record == null) {
            return false;
        }
        for (Event event : record.commit().events()) {
            byte[] key = KeyCodec.ofVersion(KeyCodec.ofKey(event.key()), at, event.version());
            if (Arrays.equals(key, row.key())) {
                return !(event instanceof Event.EntryErased)
                        && Arrays.equals(EntryCodec.encode(event, record.commit()), row.value());
            }
        }
        return false;
    }

    boolean isFinished() {
        return isFinished;
    }

    StateDigest digest() {
        return digest;
    }

    /** The commit of the first row that no event accounts for; null when every row has its event. */
    @Nullable
    CommitTs firstUnaccounted() {
        return firstUnaccounted;
    }
}
