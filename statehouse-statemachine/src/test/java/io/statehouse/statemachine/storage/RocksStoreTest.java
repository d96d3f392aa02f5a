package io.statehouse.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.StoreFailedException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class RocksStoreTest {
    private static final byte[] KEY = {1};
    private static final byte[] VALUE =
            "a value that is long enough to be hit".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final int WAIT_SECONDS = 30;

    @TempDir
    Path directory;

    @Test
    void aCrashTakesBackWhatWasNotFlushedAndNothingElse() {
        RocksStore store = RocksStore.open(directory);
        write(store, 1);
        assertThat(store.flush()).isTrue();
        write(store, 2);
        Crash.of(store);

        try (RocksStore again = RocksStore.open(directory)) {
            for (Table table : Table.values()) {
                assertThat(again.get(table, key(1))).isEqualTo(VALUE);
                assertThat(again.get(table, key(2))).isNull();
            }
        }
    }

    /** One table's memory fills and is flushed by RocksDB itself; the others must come along, or the applied row lies. */
    @Test
    void whateverRocksFlushesByItselfIsFlushedInAllTablesAtOnePoint() {
        RocksStore store = RocksStore.open(directory);
        byte[] big = new byte[1 << 20];
        int written = 0;
        while (written < 100) {
            written++;
            try (WriteUnit unit = new WriteUnit(store)) {
                unit.put(Table.JOURNAL, key(written), big);
                unit.put(Table.META, KEY, key(written));
                store.write(unit);
            }
        }
        Crash.of(store);

        try (RocksStore again = RocksStore.open(directory)) {
            byte[] applied = again.get(Table.META, KEY);
            assertThat(applied).isNotNull();
            try (Cursor last = again.descending(Table.JOURNAL, KeyRange.all())) {
                assertThat(last.advance()).isTrue();
                assertThat(last.key()).isEqualTo(applied);
            }
            assertThat(again.get(Table.JOURNAL, key(1))).isEqualTo(big);
        }
    }

    @Test
    void figuresTellWhatIsInMemoryAndWhatIsOnTheDisk() {
        try (RocksStore store = RocksStore.open(directory)) {
            write(store, 1);
            StoreFigures before = store.figures();
            store.flush();
            StoreFigures after = store.figures();

            assertThat(before.rowsEstimate()).isEqualTo(Table.values().length);
            assertThat(before.memtableBytes()).isPositive();
            assertThat(before.fileBytes()).isZero();
            assertThat(after.fileBytes()).isPositive();
            assertThat(after.levelZeroFiles()).isEqualTo(Table.values().length);
            assertThat(after.isWriteStopped()).isFalse();
            assertThat(after.snapshotsOpen()).isZero();
            try (Snapshot held = store.snapshot()) {
                assertThat(held).isNotNull();
                assertThat(store.figures().snapshotsOpen()).isEqualTo(1);
            }
        }
    }

    @Test
    void closingFlushes() {
        RocksStore store = RocksStore.open(directory);
        write(store, 1);
        store.close();

        try (RocksStore again = RocksStore.open(directory)) {
            assertThat(again.get(Table.JOURNAL, key(1))).isEqualTo(VALUE);
        }
    }

    @Test
    void aDamagedRowIsAFailureAndNotAMissingRow() throws IOException {
        try (RocksStore store = RocksStore.open(directory)) {
            write(store, 1);
        }
        flipABitInEveryTableFile();

        assertThatThrownBy(() -> {
                    try (RocksStore store = RocksStore.open(directory)) {
                        store.get(Table.JOURNAL, key(1));
                    }
                })
                .isInstanceOf(StoreFailedException.class);
        assertThatThrownBy(() -> {
                    try (RocksStore store = RocksStore.open(directory)) {
                        store.first(Table.JOURNAL, KeyRange.all());
                    }
                })
                .isInstanceOf(StoreFailedException.class);
    }

    @Test
    void aFailedFlushIsHeardAtOnceAndNothingIsWrittenAfterwards() throws Exception {
        CompletableFuture<StoreFailedException> heard = new CompletableFuture<>();
        RocksStore store = RocksStore.open(directory.resolve("db"), heard::complete);
        write(store, 1);
        store.requireHealthy();
        // New files can no longer be made where the directory was.
        deleteAll(directory.resolve("db"));

        assertThatThrownBy(store::flush).isInstanceOf(StoreFailedException.class);

        assertThat(heard.get(WAIT_SECONDS, TimeUnit.SECONDS)).hasMessageContaining("background");
        assertThatThrownBy(store::requireHealthy).isInstanceOf(StoreFailedException.class);
        assertThatThrownBy(() -> write(store, 2)).isInstanceOf(StoreFailedException.class);
        assertThatThrownBy(store::flush).isInstanceOf(StoreFailedException.class);
        assertThatThrownBy(store::close).isInstanceOf(StoreFailedException.class);
    }

    @Test
    void aStoreThatIsClosedRefusesInsteadOfEndingTheProcess() {
        RocksStore store = RocksStore.open(directory);
        store.close();

        assertThatThrownBy(() -> store.get(Table.META, KEY)).isInstanceOf(StoreFailedException.class);
        assertThatThrownBy(() -> store.ascending(Table.META, KeyRange.all())).isInstanceOf(StoreFailedException.class);
        store.close();
    }

    @Test
    void aDatabaseWithTablesOfANewerReleaseIsNotOpened() throws RocksDBException {
        RocksStore.open(directory).close();
        try (Options options = new Options()) {
            List<byte[]> names = RocksDB.listColumnFamilies(options, directory.toString());
            assertThat(names).hasSize(Table.values().length + 1);
        }
        addTable("from the future");

        assertThatThrownBy(() -> RocksStore.open(directory)).isInstanceOf(StoreFailedException.class);
    }

    @Test
    void aSecondProcessCannotOpenTheSameDirectory() {
        try (RocksStore store = RocksStore.open(directory)) {
            assertThatThrownBy(() -> RocksStore.open(directory)).isInstanceOf(StoreFailedException.class);
            assertThat(store.get(Table.META, KEY)).isNull();
        }
    }

    @Test
    void aCheckpointDoesNotFollowWhatIsWrittenLater() {
        try (RocksStore store = RocksStore.open(directory.resolve("db"))) {
            write(store, 1);
            store.checkpoint(directory.resolve("copy"));
            write(store, 2);
        }

        try (RocksStore copy = RocksStore.open(directory.resolve("copy"))) {
            assertThat(copy.get(Table.META, key(1))).isEqualTo(VALUE);
            assertThat(copy.get(Table.META, key(2))).isNull();
        }
    }

    private static void write(Store store, int number) {
        try (WriteUnit unit = new WriteUnit(store)) {
            for (Table table : Table.values()) {
                unit.put(table, key(number), VALUE);
            }
            store.write(unit);
        }
    }

    private static byte[] key(int number) {
        return new byte[] {(byte) number};
    }

    private void addTable(String name) throws RocksDBException {
        List<ColumnFamilyDescriptor> all = new java.util.ArrayList<>();
        try (RocksSettings settings = new RocksSettings(failure -> {});
                ColumnFamilyOptions options = new ColumnFamilyOptions()) {
            all.addAll(settings.tables());
            all.add(new ColumnFamilyDescriptor(name.getBytes(java.nio.charset.StandardCharsets.UTF_8), options));
            RocksDB.open(settings.database(), directory.toString(), all, new java.util.ArrayList<>())
                    .close();
        }
    }

    private void flipABitInEveryTableFile() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".sst")).toList()) {
                try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                    bytes.seek(10);
                    int old = bytes.read();
                    bytes.seek(10);
                    bytes.write(old ^ 1);
                }
            }
        }
    }

    private static void deleteAll(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
