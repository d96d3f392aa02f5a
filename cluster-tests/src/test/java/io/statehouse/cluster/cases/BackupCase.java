package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Event;
import io.statehouse.client.Json;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.CallHistory;
import io.statehouse.cluster.CallRecord.Outcome;
import io.statehouse.cluster.CallRecord.Write;
import io.statehouse.cluster.Ground;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.Seed;
import io.statehouse.cluster.SingleNode;
import io.statehouse.cluster.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup that was made under load begins another cluster, whole or up to a point; a broken one begins none. */
class BackupCase {
    private static final int BACKUP_REFUSED = 68;
    private static final int PROCESSES = 4;
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final CallHistory history = new CallHistory();
    private static ProcessCluster cluster;
    private static long acknowledged;

    @TempDir
    private static Path directory;

    private static Path backup;
    private static Runbook runbook;
    private static List<Event> story;

    /** One backup for all tests, made while others write. */
    @BeforeAll
    static void backUpUnderLoad() throws Exception {
        backup = directory.resolve("backup");
        runbook = Runbook.in(directory).with("BACKUP", backup);
        cluster = ProcessCluster.start("BackupCase");
        try (var workload = Workload.start(cluster.endpoints(), PROCESSES, Seed.of("BackupCase"), history)) {
            workload.awaitAcknowledgement(SOON);
            Await.pause(Duration.ofSeconds(1));
            acknowledged = lastAcknowledged();
            var made = runbook.with("STATEHOUSE_ADDRESS", cluster.endpoints()).run("Backup", 1);
            assertThat(made.status()).as(made.output()).isZero();
            workload.awaitAcknowledgement(SOON);
        }
        try (var client = cluster.client()) {
            story = story(client);
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static long lastAcknowledged() {
        return history.records().stream()
                .filter(call -> call.outcome() == Outcome.OK && call.act() instanceof Write)
                .mapToLong(call -> ((Write) call.act()).commitTs())
                .max()
                .orElseThrow();
    }

    @Test
    void threeNewNodesTellTheSameStoryAndGoOn() throws Exception {
        assertThat(runbook.run("Backup", 2).status()).isZero();
        long last = Long.parseLong(about("commit_ts"));
        assertThat(last).as("what was acknowledged before it began").isGreaterThanOrEqualTo(acknowledged);
        assertThat(last).isLessThan(story.get(story.size() - 1).commitTs());
        Path restored = directory.resolve("restored");
        for (String id : List.of("n1", "n2", "n3")) {
            restore(restored.resolve(id), id);
        }

        // Beside the old one, which never hears of it.
        try (var copy = ProcessCluster.start(restored, Map.of(), Ground.PLAIN)) {
            List<Event> prefix = upTo(last);
            for (NodeProcess node : copy.nodes()) {
                try (var client = copy.clientOf(node)) {
                    assertThat(story(client)).isEqualTo(prefix);
                    var proof = client.admin().verify(node.api(), 0, (done, all) -> {});
                    assertThat(proof.intact()).as(proof.reason()).isTrue();
                    assertThat(proof.chainHash()).isEqualTo(about("chain_hash"));
                    assertThat(proof.digest()).isEqualTo(about("digest"));
                }
            }
            goesOn(copy, prefix);
            var node = copy.awaitFollower();
            node.terminate();
            var rebuilt = runbook.with("DATA", node.dataDirectory()).run("Derive the state anew from the events", 1);
            assertThat(rebuilt.status()).as(rebuilt.output()).isZero();
            assertThat(rebuilt.output()).contains("is what its events make");
        }
    }

    private static void goesOn(ProcessCluster copy, List<Event> prefix) {
        try (var client = copy.client()) {
            var last = prefix.get(prefix.size() - 1);
            var fate = client.transaction(last.transactionId());
            assertThat(Objects.requireNonNull(fate.result()).commitTs()).isEqualTo(last.commitTs());
            assertThat(client.put("new", "key", Json.EMPTY_OBJECT).commitTs()).isEqualTo(last.commitTs() + 1);
        }
    }

    @Test
    void everyPointInTimeIsThePrefixUpToIt() throws Exception {
        long last = Long.parseLong(about("commit_ts"));
        for (long point : List.of(1L, last / 2)) {
            Path place = directory.resolve("point-" + point);
            var made = runbook.with("DATA", place.resolve("n1"))
                    .with("NODE", "n1")
                    .with("COMMIT_TS", point)
                    .run("Back to a point in time", 1);
            assertThat(made.status()).as(made.output()).isZero();
            assertThatNodeTells(place, upTo(point));
        }
        Event middle = story.get((int) last / 3);
        Path place = directory.resolve("at-time");
        var made = runbook.with("DATA", place.resolve("n1"))
                .with("NODE", "n1")
                .with("TIME", middle.committedAt())
                .run("Back to a point in time", 2);
        long point = story.stream()
                .filter(event -> !event.committedAt().isAfter(middle.committedAt()))
                .mapToLong(Event::commitTs)
                .max()
                .orElseThrow();
        assertThat(made.output()).contains("up to commit_ts " + point + " of " + middle.committedAt());
    }

    private static void assertThatNodeTells(Path place, List<Event> prefix) {
        try (var node = SingleNode.in(place, Map.of()).found();
                var client = node.client()) {
            assertThat(story(client)).isEqualTo(prefix);
            assertThat(client.put("new", "key", Json.EMPTY_OBJECT).commitTs()).isEqualTo(prefix.size() + 1);
        }
    }

    @Test
    void aNodeThatIsKilledInTheMiddleLeavesNothingBehindAnywhere() throws Exception {
        var node = cluster.awaitFollower();
        Path broken = directory.resolve("broken");
        var running = runbook.with("BACKUP", broken)
                .with("STATEHOUSE_ADDRESS", node.api())
                .start("Backup", 1)
                .process();
        Await.until("a copy is made", SOON, () -> hasCopy(node) || !running.isAlive());
        node.kill();
        assertThat(running.waitFor())
                .as("the copy was finished before the kill")
                .isNotZero();

        assertThat(broken).doesNotExist();
        assertThat(directory.resolve("broken.partial")).doesNotExist();
        node.start(false);
        cluster.awaitReady();
        assertThat(hasCopy(node)).isFalse();
    }

    @Test
    void aClientThatIsKilledInTheMiddleLeavesNothingThatPassesForABackup() throws Exception {
        Path broken = directory.resolve("killed");
        Path partial = directory.resolve("killed.partial");
        var running = runbook.with("BACKUP", broken)
                .with("STATEHOUSE_ADDRESS", cluster.endpoints())
                .start("Backup", 1)
                .process();
        Await.until("a backup begins", SOON, () -> Files.exists(partial) || !running.isAlive());
        running.descendants().forEach(ProcessHandle::destroyForcibly);
        running.destroyForcibly().waitFor();

        assertThat(broken).doesNotExist();
        assertThat(refused(partial)).isEqualTo(BACKUP_REFUSED);
        Await.until(
                "the nodes let go of their copies",
                SOON,
                () -> cluster.nodes().stream().noneMatch(BackupCase::hasCopy));
    }

    @Test
    void aFlippedByteIsRefusedAndNothingIsWritten() throws Exception {
        Path harmed = Files.createDirectory(directory.resolve("harmed"));
        try (var files = Files.list(backup)) {
            for (Path file : files.toList()) {
                Files.copy(file, harmed.resolve(file.getFileName()));
            }
        }
        flipOneByte(harmed);

        assertThat(refused(harmed)).isEqualTo(BACKUP_REFUSED);
    }

    private static int refused(Path from) throws Exception {
        Path data = directory.resolve("nothing");
        var refused = runbook.with("BACKUP", from)
                .with("DATA", data)
                .with("NODE", "n1")
                .run("Restore into a new cluster", 1);
        assertThat(data).doesNotExist();
        return refused.status();
    }

    private static void flipOneByte(Path harmed) throws IOException {
        try (var files = Files.list(harmed)) {
            Path table = files.filter(file -> file.toString().endsWith(".sst"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(table);
            bytes[bytes.length / 2] ^= 1;
            Files.write(table, bytes);
        }
    }

    private static void restore(Path data, String id) throws Exception {
        var made = runbook.with("DATA", data).with("NODE", id).run("Restore into a new cluster", 1);
        assertThat(made.status()).as(made.output()).isZero();
    }

    private static boolean hasCopy(NodeProcess node) {
        try (var files = Files.list(node.dataDirectory().resolve("state"))) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("checkpoint-"));
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Event> upTo(long commitTs) {
        return story.stream().filter(event -> event.commitTs() <= commitTs).toList();
    }

    private static List<Event> story(StatehouseClient client) {
        try (var replay = client.replay(ReplayQuery.allAgents());
                var events = replay.stream()) {
            return events.toList();
        }
    }

    private static String about(String name) throws IOException {
        var about = new Properties();
        try (var in = Files.newInputStream(backup.resolve("BACKUP"))) {
            about.load(in);
        }
        return about.getProperty(name);
    }
}
