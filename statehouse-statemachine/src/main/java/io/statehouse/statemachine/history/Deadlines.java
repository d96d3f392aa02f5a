package io.statehouse.statemachine.history;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.KeyHeads;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which keys lose their values by time.
 *
 * <p>A row is written with a value that has a deadline and taken away when log time has passed it. A key that was written
 * again meanwhile keeps its old row until then: it is passed over. For the executing thread.
 */
public final class Deadlines {
    private static final byte[] EMPTY = new byte[0];

    /** No row is due before; so that nothing is read before it is. Derived, never stored. */
    private long nextMillis = Long.MIN_VALUE;

    /** Puts the rows for the values of a commit that have a deadline. */
    public void keep(CommittedTransaction commit, WriteUnit unit) {
        for (Event event : commit.events()) {
            if (event instanceof Event.EntryPut put && put.expires()) {
                unit.put(Table.DEADLINES, KeyCodec.ofDeadline(put.expiresMillis(), KeyCodec.ofKey(put.key())), EMPTY);
                nextMillis = Math.min(nextMillis, put.expiresMillis());
            }
        }
    }

    /** Takes the next due rows away and returns the keys that still hold the value with that deadline, in order. */
    public List<Key> takeDue(long logWallMillis, int rowsMax, KeyHeads heads, WriteUnit unit) {
        List<Key> due = new ArrayList<>();
        for (byte[] row : nextDue(logWallMillis, rowsMax, unit)) {
            unit.delete(Table.DEADLINES, row);
            Key key = KeyCodec.keyOfDeadline(row);
            if (heads.headOf(key).expiresMillis() == KeyCodec.number(row)) {
                due.add(key);
            }
        }
        return due;
    }

    private List<byte[]> nextDue(long logWallMillis, int rowsMax, WriteUnit unit) {
        List<byte[]> due = new ArrayList<>();
        if (nextMillis > logWallMillis) {
            return due;
        }
        try (Cursor cursor = unit.ascending(Table.DEADLINES, KeyRange.all())) {
            nextMillis = Long.MAX_VALUE;
            while (nextMillis == Long.MAX_VALUE && cursor.advance()) {
                if (due.size() < rowsMax && KeyCodec.number(cursor.key()) <= logWallMillis) {
                    due.add(cursor.key());
                } else {
                    nextMillis = KeyCodec.number(cursor.key());
                }
            }
        }
        return due;
    }

    /** When the next row is due, in milliseconds since 1970; {@link Long#MAX_VALUE} when there is none. */
    public static long next(Rows rows) {
        Row row = rows.first(Table.DEADLINES, KeyRange.all());
        return row == null ? Long.MAX_VALUE : KeyCodec.number(row.key());
    }
}
