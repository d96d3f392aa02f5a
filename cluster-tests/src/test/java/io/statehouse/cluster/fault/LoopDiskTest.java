package io.statehouse.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopDiskTest {
    private static final int MEGABYTES = 64;

    @Test
    void aPowerCutTakesWhatWasNotForcedAndNothingElse(@TempDir Path parent) throws IOException {
        assumeTrue(LoopDisk.obstacle().isEmpty(), LoopDisk.obstacle());
        try (LoopDisk disk = LoopDisk.make(parent, "disk", MEGABYTES)) {
            write(disk.directory().resolve("forced"), true);
            write(disk.directory().resolve("loose"), false);

            disk.cutPower();

            assertThatThrownBy(() -> write(disk.directory().resolve("late"), true))
                    .isInstanceOf(IOException.class);

            disk.powerOn();

            assertThat(Files.size(disk.directory().resolve("forced"))).isEqualTo(5);
            assertThat(disk.directory().resolve("loose")).doesNotExist();
        }
    }

    @Test
    void aFullDiskRefusesWritesUntilSpaceIsFreed(@TempDir Path parent) throws IOException {
        assumeTrue(LoopDisk.obstacle().isEmpty(), LoopDisk.obstacle());
        try (LoopDisk disk = LoopDisk.make(parent, "disk", MEGABYTES)) {
            disk.fillUpTo(1 << 20);

            assertThatThrownBy(() -> Files.write(disk.directory().resolve("big"), new byte[4 << 20]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");

            Files.delete(disk.directory().resolve("big"));
            disk.freeSpace();

            Files.write(disk.directory().resolve("big"), new byte[4 << 20]);
        }
    }

    private static void write(Path file, boolean isForced) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            if (isForced) {
                channel.force(true);
            }
        }
    }
}
