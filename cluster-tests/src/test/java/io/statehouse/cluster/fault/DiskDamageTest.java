package io.statehouse.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskDamageTest {
    private static final byte[] TEXT = {1, 2, 3, 4, 5, 6, 0, 0};

    @TempDir
    Path data;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(data.resolve("file"), TEXT);
    }

    @Test
    void oneBitIsFlippedAndFlippingItAgainUndoesIt() throws IOException {
        DiskDamage.flip(file, 2, 3);
        assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3 ^ 8, 4, 5, 6, 0, 0);

        DiskDamage.flip(file, 2, 3);
        assertThat(Files.readAllBytes(file)).isEqualTo(TEXT);
    }

    @Test
    void anyBitMeansABitThatHoldsSomething() throws IOException {
        long offset = DiskDamage.flipAny(file, new Random(1));

        byte[] damaged = Files.readAllBytes(file);
        assertThat(offset).isLessThan(6);
        assertThat(IntStream.range(0, TEXT.length).filter(i -> damaged[i] != TEXT[i]))
                .containsExactly((int) offset);
    }

    @Test
    void anEndIsTornOrCutOff() throws IOException {
        DiskDamage.tear(file, 2);
        assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3, 4, 0, 0, 0, 0);

        DiskDamage.truncate(file, 5);
        assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);

        DiskDamage.remove(file);
        assertThat(file).doesNotExist();
    }

    @Test
    void theFilesOfANodeAreFoundByTheirKind() throws IOException {
        for (String name : Arrays.asList(
                "identity",
                "marks",
                "raft/c/current/log_0-9",
                "raft/c/current/log_inprogress_10",
                "raft/c/current/raft-meta",
                "raft/c/current/raft-meta.conf",
                "state/CURRENT",
                "state/db-1/CURRENT",
                "state/db-1/000012.sst",
                "state/db-1/MANIFEST-000005",
                "state/db-1/OPTIONS-000007",
                "state/db-1/LOG")) {
            Path made = data.resolve(name);
            Files.createDirectories(made.getParent());
            Files.createFile(made);
        }
        var damage = DiskDamage.of(data);

        assertThat(damage.files(DiskDamage.Kind.RAFT_LOG)).hasSize(2);
        for (DiskDamage.Kind kind : DiskDamage.Kind.values()) {
            assertThat(damage.file(kind)).as(kind.name()).isRegularFile();
        }
        assertThat(damage.file(DiskDamage.Kind.RAFT_LOG)).hasFileName("log_inprogress_10");
    }
}
