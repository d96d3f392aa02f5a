package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the disk changed behind RocksDB's back is neither sent nor installed. */
class SnapshotIntegrityTest {
    private static final int PUT_COUNT = 200;

    @TempDir
    Path root;

    private final List<ExitCode> halts = new ArrayList<>();
    private final Replica replica = new Replica((code, reason, cause) -> halts.add(code), Runnable::run);
    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        directory = new SnapshotDirectory(root, Limits.DEFAULT, (code, reason, cause) -> halts.add(code));
        directory.prepare();
        replica.open(directory);
        fill(replica);
    }

    static void fill(Replica replica) {
        for (int i = 0; i < PUT_COUNT; i++) {
            var commands = List.of(Commands.put("t" + i, "key" + i, "" + i));
            var batch = new LoggedBatch(new Stamp(1_000 + i, new byte[16]), 1, i, List.copyOf(commands));
            replica.apply(new LogPosition(1, i), ByteBuffer.wrap(LogCodec.encode(batch)));
        }
    }

    @Test
    void aSoundCopyIsProvenAndHoldsNoFileMore() throws IOException {
        Path copy = root.resolve("staging-9");
        replica.checkpoint(copy);
        var sent = names(copy);

        assertThat(SnapshotFetch.prove(directory, copy)).isEqualTo(new LogPosition(1, PUT_COUNT - 1));
        assertThat(sent).noneMatch(name -> name.startsWith("LOG"));
        assertThat(halts).isEmpty();
    }

    @Test
    void aCopyWithOneChangedByteIsNotInstalled() throws IOException {
        Path copy = root.resolve("staging-9");
        replica.checkpoint(copy);
        changeOneByte(detached(copy));

        assertThatThrownBy(() -> SnapshotFetch.prove(directory, copy)).isInstanceOf(StoreFailedException.class);
    }

    @Test
    void aMemberWithOneChangedByteOnItsDiskSendsNothingAndStops() throws IOException {
        replica.checkpoint(root.resolve("checkpoint-8"));
        changeOneByte(directory.requireCurrent());

        assertThatThrownBy(() -> replica.checkpoint(root.resolve("checkpoint-9")))
                .isInstanceOf(StoreFailedException.class);
        assertThat(halts).contains(ExitCode.STORAGE_FAILED);
    }

    /** Its files are links to those of the live database; a change must not reach that one. */
    private static Path detached(Path copy) throws IOException {
        for (String name : names(copy)) {
            byte[] bytes = Files.readAllBytes(copy.resolve(name));
            Files.delete(copy.resolve(name));
            Files.write(copy.resolve(name), bytes);
        }
        return copy;
    }

    private static void changeOneByte(Path database) throws IOException {
        String name = names(database).stream()
                .filter(file -> file.endsWith(".sst"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(database.resolve(name));
        bytes[bytes.length / 8] ^= 1;
        Files.write(database.resolve(name), bytes);
    }

    private static List<String> names(Path path) throws IOException {
        try (var files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
