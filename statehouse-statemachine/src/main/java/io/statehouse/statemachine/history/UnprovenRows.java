package io.statehouse.statemachine.history;

import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Goes along the tables that the other steps of a verification do not read from end to end, so that no block of any file
 * stays unread: the store throws at the first that rot has reached.
 */
final class UnprovenRows {
    private final Rows rows;
    private final Iterator<Table> tables =
            EnumSet.complementOf(EnumSet.of(Table.VERSIONS, Table.JOURNAL)).iterator();
    private @Nullable Table table = tables.next();
    private KeyRange rest = KeyRange.all();

    UnprovenRows(Rows rows) {
        this.rows = rows;
    }

    void step(int rowsMax) {
        Table reading = table;
        if (reading == null) {
            return;
        }
        try (Cursor cursor = rows.ascending(reading, rest)) {
            for (int count = 0; count < rowsMax; count++) {
                if (!cursor.advance()) {
                    table = tables.hasNext() ? tables.next() : null;
                    rest = KeyRange.all();
                    return;
                }
            }
            rest = rest.startingAt(Arrays.copyOf(cursor.key(), cursor.key().length + 1));
        }
    }

    boolean isFinished() {
        return table == null;
    }
}
