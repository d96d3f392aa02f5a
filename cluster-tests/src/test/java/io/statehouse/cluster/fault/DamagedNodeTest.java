package io.statehouse.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Json;
import io.statehouse.client.Read;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.Seed;
import io.statehouse.cluster.SingleNode;
import io.statehouse.cluster.fault.DiskDamage.Kind;
import io.statehouse.raft.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose files are not what it wrote says so and does not serve; it never starts with less than it acknowledged. */
class DamagedNodeTest {
    private static final int FLIPS = Integer.getInteger("statehouse.flips", 2);
    private static final int WRITES = 20;
    private static final int VALUES = 60;
    private static final int VALUE_BYTES = 20_000;
    private static final int LARGE_TABLE_BYTES = VALUES * VALUE_BYTES / 2;
    private static final int WRITES_UNTIL_PURGED = 2_500;
    private static final Duration READ_MAX = Duration.ofSeconds(5);
    private static final Duration END_MAX = Duration.ofSeconds(60);
    private static final Duration PURGED_MAX = Duration.ofSeconds(60);

    private final RandomGenerator random = Seed.of("DamagedNodeTest").random(0);

    @TempDir
    Path directory;

    @Test
    void aFlippedBitInTheRaftLogIsRefused() {
        try (var node = SingleNode.in(directory, Map.of()).found()) {
            put(node, WRITES);
            node.node().kill();
            Path log = damage(node).file(Kind.RAFT_LOG);
            for (int i = 0; i < FLIPS; i++) {
                long offset = random.nextLong(DiskDamage.usedBytes(log));
                int bit = random.nextInt(Byte.SIZE);
                DiskDamage.flip(log, offset, bit);

                assertThat(node.restart().node().awaitExit(END_MAX))
                        .as("bit " + bit + " of byte " + offset)
                        .isEqualTo(ExitCode.LOG_DAMAGED.number());

                DiskDamage.flip(log, offset, bit);
            }
            assertThat(version(node.restart().awaitReady())).isEqualTo(WRITES);
        }
    }

    @Test
    void aNodeWhoseDataIsGoneIsRefused() {
        try (var node = SingleNode.in(directory, Map.of()).found()) {
            put(node, 1);
            node.node().kill();
            node.node().wipe();

            assertThat(node.restart().node().awaitExit(END_MAX)).isEqualTo(ExitCode.IDENTITY_REFUSED.number());
        }
    }

    @Test
    void aNodeKilledAfterAPurgeHasEveryAcknowledgedCommit() {
        var settings = Map.of("STATEHOUSE_SNAPSHOT_INTERVAL", "300", "STATEHOUSE_LOG_SEGMENT_BYTES", "65536");
        try (var node = SingleNode.in(directory, settings).found()) {
            Path first = damage(node).file(Kind.RAFT_LOG);
            put(node, WRITES_UNTIL_PURGED);
            Await.until(
                    "the beginning of the log is purged",
                    PURGED_MAX,
                    () -> damage(node).files(Kind.RAFT_LOG).stream()
                            .noneMatch(file -> file.equals(first)
                                    || file.getFileName().toString().startsWith("log_0-")));
            node.node().kill();

            assertThat(version(node.restart().awaitReady())).isEqualTo(WRITES_UNTIL_PURGED);
        }
    }

    @Test
    void aFlippedBitInATableIsNeverServed() {
        try (var node = SingleNode.in(directory, Map.of()).found()) {
            List<String> values = putLarge(node);
            node.node().terminate();
            // The first half of a table of large values holds values and nothing else.
            for (Path table : damage(node).files(Kind.SST)) {
                if (table.toFile().length() > LARGE_TABLE_BYTES) {
                    DiskDamage.flip(table, table.toFile().length() / 4, random.nextInt(Byte.SIZE));
                }
            }
            node.restart();

            int wrong = 0;
            int refused = 0;
            try (var client = node.awaitReady().client(READ_MAX)) {
                for (int i = 0; i < VALUES && node.node().isAlive(); i++) {
                    try {
                        var entry = client.get(StateKey.of("ada", "large-" + i), Read.local());
                        wrong += entry.require().text().equals(values.get(i)) ? 0 : 1;
                    } catch (StatehouseException e) {
                        refused++;
                    }
                }
            }
            assertThat(wrong).as("values served that were never written").isZero();
            assertThat(refused).as("reads that met the damage").isPositive();
            assertThat(node.node().awaitExit(END_MAX)).isEqualTo(ExitCode.STORAGE_FAILED.number());
        }
    }

    @Test
    void aMissingFileOfTheDatabaseIsRefused() throws IOException {
        try (var node = SingleNode.in(directory, Map.of()).found()) {
            put(node, WRITES);
            node.node().terminate();
            for (Kind kind : List.of(Kind.SST, Kind.MANIFEST, Kind.CURRENT, Kind.POINTER)) {
                Path file = damage(node).file(kind);
                Path away = directory.resolve("away");
                Files.move(file, away);

                assertThat(node.restart().node().awaitExit(END_MAX))
                        .as("without " + kind)
                        .isIn(ExitCode.STORAGE_FAILED.number(), ExitCode.METADATA_DAMAGED.number());

                Files.move(away, file, StandardCopyOption.REPLACE_EXISTING);
            }
            assertThat(version(node.restart().awaitReady())).isEqualTo(WRITES);
        }
    }

    private static DiskDamage damage(SingleNode node) {
        return DiskDamage.of(node.node().dataDirectory());
    }

    private static void put(SingleNode node, int times) {
        try (StatehouseClient client = node.client()) {
            for (int i = 0; i < times; i++) {
                client.put("ada", "counter", Json.parse(Integer.toString(i)));
            }
        }
    }

    private List<String> putLarge(SingleNode node) {
        try (StatehouseClient client = node.client()) {
            return IntStream.range(0, VALUES)
                    .mapToObj(i -> {
                        byte[] bytes = new byte[VALUE_BYTES];
                        random.nextBytes(bytes);
                        String json = '"' + HexFormat.of().formatHex(bytes) + '"';
                        client.put("ada", "large-" + i, Json.parse(json));
                        return json;
                    })
                    .toList();
        }
    }

    private static long version(SingleNode node) {
        try (StatehouseClient client = node.client()) {
            return client.get(StateKey.of("ada", "counter"), Read.linearizable())
                    .version();
        }
    }
}
