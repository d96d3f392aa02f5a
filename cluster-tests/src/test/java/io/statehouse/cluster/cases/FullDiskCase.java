package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.statehouse.client.Json;
import io.statehouse.cluster.SingleNode;
import io.statehouse.cluster.fault.LoopDisk;
import io.statehouse.raft.disk.Ballast;
import io.statehouse.raft.disk.DiskGuard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose disk is too full to start on starts when its ballast is gone, and deletes. */
class FullDiskCase {
    private static final int DISK_MEGABYTES = 1_024;
    private static final int STORAGE_FAILED = 75;
    private static final Duration EXIT_MAX = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    @Test
    void aNodeStartsWhenItsBallastIsDeleted() throws Exception {
        assumeTrue(LoopDisk.obstacle().isEmpty(), () -> "no disk can be filled here: " + LoopDisk.obstacle());
        try (var disk = LoopDisk.make(directory, "disk", DISK_MEGABYTES);
                var node = SingleNode.in(disk.directory(), Map.of()).found()) {
            try (var client = node.client()) {
                client.put("ada", "gone", Json.of(1));
            }
            node.node().terminate();
            // A node takes it in its second minute.
            Ballast.take(node.node().dataDirectory());
            disk.fillUpTo(DiskGuard.FREE_BYTES_MIN / 2);
            assertThat(node.restart().node().awaitExit(EXIT_MAX)).isEqualTo(STORAGE_FAILED);

            var unused = Runbook.in(directory)
                    .with("DATA", node.node().dataDirectory())
                    .shows("A disk that fills up", 1);
            node.restart().awaitReady();

            try (var client = node.client()) {
                client.delete("ada", "gone");
                assertThat(client.get("ada", "gone").exists()).isFalse();
            }
        }
    }
}
