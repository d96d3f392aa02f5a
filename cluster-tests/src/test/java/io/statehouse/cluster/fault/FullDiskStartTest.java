package io.statehouse.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.statehouse.client.Json;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.SingleNode;
import io.statehouse.raft.disk.DiskGuard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that was stopped while its disk was full starts again, is read and deletes: nothing else would make room. */
class FullDiskStartTest {
    private static final int DISK_MEGABYTES = 1_024;
    /** Under the reserve, below which puts are refused, and above the mark at which a node ends. */
    private static final long BYTES_LEFT = 3 * DiskGuard.FREE_BYTES_MIN;

    private static final Duration REFUSED_AFTER = Duration.ofSeconds(2);
    private static final Json VALUE = Json.parse("1");

    @TempDir
    Path directory;

    @BeforeEach
    void requireDisk() {
        assumeTrue(LoopDisk.obstacle().isEmpty(), () -> "no disk can be filled here: " + LoopDisk.obstacle());
    }

    @Test
    void aNodeStartsOnADiskThatIsFullAndReadsAndDeletes() {
        try (var disk = LoopDisk.make(directory, "disk", DISK_MEGABYTES);
                var node = SingleNode.in(disk.directory(), Map.of()).found()) {
            try (var client = node.client()) {
                client.put("ada", "kept", VALUE);
                client.put("ada", "gone", VALUE);
            }
            node.node().kill();
            disk.fillUpTo(BYTES_LEFT);

            node.restart().awaitReady();
            try (var client = node.client();
                    var hasty = node.client(REFUSED_AFTER)) {
                assertThatThrownBy(() -> hasty.put("ada", "more", VALUE))
                        .isInstanceOfSatisfying(
                                StatehouseException.Refused.class,
                                refused -> assertThat(refused.code()).isEqualTo(RefusalCode.STORAGE_FULL));
                assertThat(client.get("ada", "kept").value()).isEqualTo(VALUE);
                client.delete("ada", "gone");
                assertThat(client.get("ada", "gone").exists()).isFalse();
            }
        }
    }
}
