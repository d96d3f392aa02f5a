package io.statehouse.statemachine.storage;

import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.history.Backfill;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/** All rows of a store as text, to compare stores with. */
public final class StoreDump {
    private StoreDump() {}

    /** Every row but those that say where in the log the store stands; and every head, in memory or not. */
    public static SortedMap<String, String> of(Store store) {
        SortedMap<String, String> rows = new TreeMap<>();
        try (WriteUnit whole = Backfill.withAllHeads(store)) {
            for (Table table : Table.values()) {
                try (Cursor cursor = whole.ascending(table, KeyRange.all())) {
                    while (cursor.advance()) {
                        rows.put(table + " " + hex(cursor.key()), hex(cursor.value()));
                    }
                }
            }
        }
        rows.remove(Table.META + " " + hex(AppliedCodec.headsKey()));
        rows.remove(Table.META + " " + hex(AppliedCodec.key()));
        return rows;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
