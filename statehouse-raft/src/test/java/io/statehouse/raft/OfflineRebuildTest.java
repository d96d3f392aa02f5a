package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.raft.disk.DiskGuard;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineRebuildTest {
    @TempDir
    Path data;

    @Test
    void aSoundStateIsWhatItsEventsMakeAndTheDirectoryIsLeftAsItWas() throws IOException {
        Path database = fill();
        List<String> before = names(database);

        OfflineRebuild.Outcome outcome = OfflineRebuild.run(data);

        assertThat(outcome.difference()).isNull();
        assertThat(outcome.at().value()).isPositive();
        assertThat(names(database)).isEqualTo(before);
        assertThat(names(DiskGuard.stateDirectory(data))).containsExactly("CURRENT", "db-1");
    }

    @Test
    void aRowThatNoEventMadeIsTold() throws IOException {
        spoil(fill(), Table.KEYS, KeyCodec.ofNumber(9_999));

        assertThat(OfflineRebuild.run(data).difference()).contains("keys");
    }

    @Test
    void anEventThatWasChangedIsTold() throws IOException {
        spoil(fill(), Table.JOURNAL, new byte[] {1, 2, 3});

        assertThat(OfflineRebuild.run(data).difference()).contains("commit_ts 1");
    }

    @Test
    void aDirectoryOfNobodyIsRefusedAndLeftEmpty() throws IOException {
        assertThatThrownBy(() -> OfflineRebuild.run(data))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION));
        assertThat(names(data)).isEmpty();
    }

    private Path fill() throws IOException {
        var state = new SnapshotDirectory(DiskGuard.stateDirectory(data), Limits.DEFAULT, (code, why, cause) -> {});
        state.prepare();
        var replica = new Replica((code, why, cause) -> {}, Runnable::run);
        replica.open(state);
        SnapshotIntegrityTest.fill(replica);
        replica.close(new LogException.Unavailable("done", null));
        return state.requireCurrent();
    }

    private static void spoil(Path database, Table table, byte[] value) {
        try (RocksStore store = RocksStore.open(database);
                WriteUnit unit = new WriteUnit(store)) {
            Row row = Objects.requireNonNull(store.first(table, KeyRange.all()));
            unit.put(table, row.key(), value);
            store.write(unit);
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
