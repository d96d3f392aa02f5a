package io.statehouse.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every store is an ordered map, and a unit over it is one too. */
class StoreTest {
    private static final int ROUNDS = 200;
    private static final int ROWS_PER_UNIT_MAX = 12;
    private static final Table TABLE = Table.LEDGER;

    private final Random random = Seed.random(StoreTest.class);
    private final NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);

    @TempDir
    Path directory;

    @Test
    void theTreeStoreIsAnOrderedMap() {
        compareWithModel(new TreeStore());
    }

    @Test
    void theRocksStoreIsAnOrderedMap() {
        try (RocksStore store = RocksStore.open(directory)) {
            compareWithModel(store);
        }
    }

    private void compareWithModel(Store store) {
        for (int round = 0; round < ROUNDS; round++) {
            try (WriteUnit unit = new WriteUnit(store)) {
                List<String> before = model(KeyRange.all(), false);
                int rows = random.nextInt(ROWS_PER_UNIT_MAX);
                for (int row = 0; row < rows; row++) {
                    change(unit);
                    compareReads(unit);
                }
                assertThat(read(store.ascending(TABLE, KeyRange.all()))).isEqualTo(before);
                store.write(unit);
            }
            compareReads(store);
            KeyRange range = range();
            assertThat(read(store.descending(TABLE, range))).isEqualTo(model(range, true));
            compareSeeks(store.descending(TABLE, range), range, true);
        }
    }

    private void change(WriteUnit unit) {
        byte[] key = key();
        if (random.nextInt(3) == 0) {
            unit.delete(TABLE, key);
            model.remove(key);
        } else {
            byte[] value = random.nextInt(4) == 0 ? new byte[0] : key();
            unit.put(TABLE, key, value);
            model.put(key, value);
        }
    }

    private void compareReads(Rows rows) {
        byte[] key = key();
        assertThat(rows.get(TABLE, key)).isEqualTo(model.get(key));
        KeyRange range = range();
        List<String> wanted = model(range, false);
        assertThat(read(rows.ascending(TABLE, range))).isEqualTo(wanted);
        Row first = rows.first(TABLE, range);
        assertThat(first == null ? null : text(first.key(), first.value()))
                .isEqualTo(wanted.isEmpty() ? null : wanted.getFirst());
        compareSeeks(rows.ascending(TABLE, range), range, false);
    }

    /** After a seek the walk goes on from the nearest row in its direction, and never leaves its range. */
    private void compareSeeks(Cursor cursor, KeyRange range, boolean isDescending) {
        try (cursor) {
            for (int seek = 0; seek < 3; seek++) {
                byte[] target = key();
                List<String> wanted = new ArrayList<>();
                model.forEach((key, value) -> {
                    int order = Arrays.compareUnsigned(key, target);
                    if (range.holds(key) && (isDescending ? order <= 0 : order >= 0)) {
                        wanted.add(text(key, value));
                    }
                });
                if (isDescending) {
                    Collections.reverse(wanted);
                }
                cursor.seek(target);
                int steps = random.nextInt(3);
                for (int step = 0; step < steps; step++) {
                    assertThat(cursor.advance()).isEqualTo(step < wanted.size());
                    if (step < wanted.size()) {
                        assertThat(text(cursor.key(), cursor.value())).isEqualTo(wanted.get(step));
                    }
                }
            }
        }
    }

    private List<String> model(KeyRange range, boolean isDescending) {
        List<String> rows = new ArrayList<>();
        (isDescending ? model.descendingMap() : model).forEach((key, value) -> {
            if (range.holds(key)) {
                rows.add(text(key, value));
            }
        });
        return rows;
    }

    private static List<String> read(Cursor cursor) {
        List<String> rows = new ArrayList<>();
        try (cursor) {
            while (cursor.advance()) {
                rows.add(text(cursor.key(), cursor.value()));
            }
            assertThat(cursor.advance()).isFalse();
        }
        return rows;
    }

    private KeyRange range() {
        return switch (random.nextInt(4)) {
            case 0 -> KeyRange.all();
            case 1 -> KeyRange.ofPrefix(key());
            case 2 -> KeyRange.between(key(), null);
            default -> KeyRange.between(key(), key());
        };
    }

    /** Few enough that they meet, and of the bytes where signed and unsigned order part. */
    private byte[] key() {
        byte[] key = new byte[1 + random.nextInt(2)];
        for (int index = 0; index < key.length; index++) {
            key[index] = (byte) (random.nextInt(6) * 51);
        }
        return key;
    }

    private static String text(byte[] key, byte[] value) {
        return HexFormat.of().formatHex(key) + "=" + HexFormat.of().formatHex(value);
    }
}
