package io.statehouse.statemachine.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

class BatchBytesTest {
    static {
        RocksDB.loadLibrary();
    }

    @TempDir
    private Path directory;

    @Test
    void theBytesAreThoseThatRocksDbMakesOfTheRows() throws RocksDBException {
        List<ColumnFamilyHandle> families = new ArrayList<>();
        try (var options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
                var database = RocksDB.open(options, directory.toString(), descriptors(), families);
                var batch = new WriteBatch()) {
            var versions = families.get(1);
            var journal = families.get(2);
            var rows = new BatchBytes(Map.of(Table.VERSIONS, versions.getID(), Table.JOURNAL, journal.getID()));
            rows.put(Table.JOURNAL, new byte[1 << 13], new byte[1 << 13]);
            rows.clear();
            // Around the lengths from which on a varint takes one byte more, and the buffer is not enough.
            for (int length : new int[] {0, 1, 127, 128, 16_383, 16_384, 70_000, 200_000}) {
                byte[] key = ("key of " + length).getBytes(UTF_8);
                rows.put(Table.VERSIONS, key, new byte[length]);
                batch.put(versions, key, new byte[length]);
                rows.put(Table.JOURNAL, new byte[length], key);
                batch.put(journal, new byte[length], key);
                rows.delete(Table.JOURNAL, key);
                batch.delete(journal, key);
            }

            assertThat(rows.toBytes()).isEqualTo(batch.data());
            try (var writing = new WriteOptions();
                    var ours = new WriteBatch(rows.toBytes())) {
                database.write(writing, ours);
            }
            assertThat(database.get(versions, "key of 128".getBytes(UTF_8))).hasSize(128);
            assertThat(database.get(journal, "key of 128".getBytes(UTF_8))).isNull();
            families.forEach(ColumnFamilyHandle::close);
        }
    }

    private static List<ColumnFamilyDescriptor> descriptors() {
        return List.of(
                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY),
                new ColumnFamilyDescriptor("versions".getBytes(UTF_8)),
                new ColumnFamilyDescriptor("journal".getBytes(UTF_8)));
    }
}
