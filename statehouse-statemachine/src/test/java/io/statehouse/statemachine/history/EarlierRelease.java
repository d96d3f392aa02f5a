package io.statehouse.statemachine.history;

import com.google.protobuf.InvalidProtocolBufferException;
import io.statehouse.proto.storage.v1.AppliedRow;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.List;
import java.util.Objects;

/** Makes a store look as one does that was written before some tables existed. */
final class EarlierRelease {
    private EarlierRelease() {}

    static void copyWithout(List<Table> later, Store from, Store to) {
        try (WriteUnit unit = new WriteUnit(to)) {
            for (Table table : Table.values()) {
                if (!later.contains(table)) {
                    copy(table, from, unit);
                }
            }
            unit.put(
                    Table.META,
                    AppliedCodec.key(),
                    withIndexes(Objects.requireNonNull(unit.get(Table.META, AppliedCodec.key())), 0));
            to.write(unit);
        }
    }

    /** As the release left it that knew heads, and not that they may be in memory only. */
    static void copyWithAllHeads(Store from, Store to) {
        try (WriteUnit whole = Backfill.withAllHeads(from);
                WriteUnit unit = new WriteUnit(to)) {
            for (Table table : Table.values()) {
                copy(table, whole, unit);
            }
            unit.put(
                    Table.META,
                    AppliedCodec.key(),
                    withIndexes(Objects.requireNonNull(unit.get(Table.META, AppliedCodec.key())), 2));
            to.write(unit);
        }
    }

    private static void copy(Table table, Rows from, WriteUnit unit) {
        try (Cursor cursor = from.ascending(table, KeyRange.all())) {
            while (cursor.advance()) {
                unit.put(table, cursor.key(), cursor.value());
            }
        }
    }

    private static byte[] withIndexes(byte[] applied, int indexes) {
        try {
            return AppliedRow.parseFrom(applied).toBuilder()
                    .setIndexes(indexes)
                    .build()
                    .toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("no applied row", e);
        }
    }
}
