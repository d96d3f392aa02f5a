package io.statehouse.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.RetentionPolicy;
import io.statehouse.statemachine.Seed;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.command.Stamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** What retention has let go is in no file any more once RocksDB has compacted them. */
class ErasedOnDiskTest {
    private static final int VERSIONS = 6;
    private static final int MARK_BYTES = 24;

    /** Large and random, so that compression leaves it as it is and the search finds what is there. */
    private static final int VALUE_BYTES = 64 << 10;

    private final Random random = Seed.random(ErasedOnDiskTest.class);

    @TempDir
    Path directory;

    private long wallMillis = 1_800_000_000_000L;
    private long index;

    @Test
    void theBytesOfErasedValuesAreGoneAndThoseOfTheHeadAreThere() throws IOException, RocksDBException {
        Key key = new Agent("ns", "a").key("k");
        List<byte[]> values = new ArrayList<>();
        try (StateMachine state = StateMachine.open(RocksStore.open(directory), Limits.DEFAULT)) {
            for (int version = 0; version < VERSIONS; version++) {
                byte[] value = new byte[VALUE_BYTES];
                random.nextBytes(value);
                values.add(value);
                execute(state, put("t" + version, key, value));
            }
        }
        compact();
        assertThat(values).allMatch(this::isOnDisk);
        long bytesBefore = bytesOnDisk();

        try (StateMachine state = StateMachine.open(RocksStore.open(directory), Limits.DEFAULT)) {
            execute(state, new SetRetention(new TxnId("p"), "ns", new RetentionPolicy(0, 0, 1)));
            wallMillis += Limits.RETENTION_GRACE.toMillis();
            execute(state, new RetainDue());
        }
        compact();

        assertThat(values.subList(0, VERSIONS - 1)).noneMatch(this::isOnDisk);
        assertThat(values.getLast()).matches(this::isOnDisk);
        // Each value lies in the row of its version and in the journal.
        assertThat(bytesOnDisk()).isLessThan(bytesBefore - 2L * (VERSIONS - 1) * VALUE_BYTES * 9 / 10);
    }

    private long bytesOnDisk() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private void execute(StateMachine state, Command command) {
        LoggedBatch batch = new LoggedBatch(new Stamp(wallMillis, new byte[16]), 1, index, List.of(command));
        state.execute(new LogPosition(1, index++), batch);
    }

    private static CommitTransaction put(String id, Key key, byte[] value) {
        return new CommitTransaction(
                new TxnId(id),
                List.of(new Operation.Put(key, Json.ofTrusted(value))),
                List.of(),
                List.of(),
                Origin.NONE);
    }

    private void compact() throws RocksDBException {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (RocksSettings settings = new RocksSettings(failure -> {});
                RocksDB database = RocksDB.open(settings.database(), directory.toString(), settings.tables(), handles);
                CompactRangeOptions everything = new CompactRangeOptions()
                        .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce)) {
            for (ColumnFamilyHandle handle : handles) {
                database.compactRange(handle, null, null, everything);
                handle.close();
            }
        }
    }

    private boolean isOnDisk(byte[] value) {
        byte[] mark = Arrays.copyOfRange(value, VALUE_BYTES / 2, VALUE_BYTES / 2 + MARK_BYTES);
        String wanted = new String(mark, StandardCharsets.ISO_8859_1);
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).anyMatch(file -> holds(file, wanted));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean holds(Path file, String wanted) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(wanted);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
