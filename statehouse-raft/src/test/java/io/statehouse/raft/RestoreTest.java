package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.decide.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {
    private static final int PUT_COUNT = 50;

    @TempDir
    Path directory;

    @Test
    void aNewClusterBeginsWithTheBackupAndGoesOnFromThere() throws Exception {
        Path restored = directory.resolve("new");
        String fingerprint;
        String oldCluster;
        try (var cluster = LocalCluster.start(directory.resolve("old"), 3)) {
            for (int i = 0; i < PUT_COUNT; i++) {
                cluster.commit(Commands.put("t" + i, "key" + i % 7, "" + i));
            }
            var log = cluster.log(cluster.anyFollower());
            Path backup = WrittenBackup.of(log, directory.resolve("backup"));
            fingerprint = log.query(LocalCluster::fingerprint);
            oldCluster = log.cluster().clusterId();
            for (String id : cluster.ids()) {
                assertThat(Restore.run(backup, restored.resolve(id), id).at().value())
                        .isEqualTo(PUT_COUNT);
            }
            // Both run at the same time, and neither hears of the other.
            try (var copy = LocalCluster.start(restored, 3)) {
                copy.awaitLeader();
                String found = copy.log("n1").query(LocalCluster::fingerprint);
                assertThat(found).isEqualTo(fingerprint);
                assertThat(copy.log("n1").cluster().clusterId()).isNotEqualTo(oldCluster);
                goesOn(copy);
                letsANewDiskIn(copy);
                assertThat(copy.halts()).isEmpty();
            }
        }
    }

    private static void goesOn(LocalCluster copy) {
        assertThat(copy.commit(Commands.put("t3", "key3", "3")))
                .as("a transaction that the backup holds")
                .isInstanceOfSatisfying(
                        Reply.Committed.class,
                        again -> assertThat(again.isReplayed()).isTrue());
        assertThat(copy.commit(Commands.put("new", "new", "1")))
                .isInstanceOfSatisfying(
                        Reply.Committed.class,
                        made -> assertThat(made.commitTs().value()).isEqualTo(PUT_COUNT + 1));
        copy.ids().forEach(copy::kill);
        copy.startAll();
        copy.awaitEqual();
    }

    /** The log of the new cluster does not hold what the backup held, so this one must be copied. */
    private static void letsANewDiskIn(LocalCluster copy) throws IOException {
        String lost = copy.anyFollower();
        copy.kill(lost);
        copy.wipe(lost);
        copy.startJoining(lost);
        var change = new MembershipChange.Replace(lost, copy.member(lost));
        await().atMost(LocalCluster.SOON).ignoreExceptions().until(() -> {
            copy.log(copy.awaitLeader()).change(change).join();
            return true;
        });
        copy.awaitEqual();
    }

    @Test
    void aPointInTimeIsThePrefixUpToItAndTheNewClusterGoesOnFromThere() throws Exception {
        Map<Long, String> passed = new TreeMap<>();
        Path backup;
        try (var one = LocalCluster.start(directory.resolve("one"), 1)) {
            for (long i = 1; i <= PUT_COUNT; i++) {
                one.commit(Commands.put("t" + i, "key" + i % 7, "" + i));
                passed.put(i, one.log("n1").query(LocalCluster::fingerprint));
            }
            backup = WrittenBackup.of(one.log("n1"), directory.resolve("backup"));
        }
        for (long point : List.of(1L, 23L, (long) PUT_COUNT)) {
            Path data = directory.resolve("at-" + point);
            var restored =
                    Restore.run(backup, data.resolve("n1"), "n1", new RestorePoint.AtCommit(new CommitTs(point)));

            assertThat(restored.at().value()).isEqualTo(point);
            try (var copy = LocalCluster.start(data, 1)) {
                copy.awaitLeader();
                assertThat(copy.log("n1").query(LocalCluster::fingerprint)).isEqualTo(passed.get(point));
                assertThat(copy.commit(Commands.put("t" + (point + 1), "new", "1")))
                        .as("an id that was used after the point")
                        .isInstanceOfSatisfying(
                                Reply.Committed.class,
                                made -> assertThat(made.commitTs().value()).isEqualTo(point + 1));
            }
        }
    }

    @Test
    void aTimeIsTheLatestCommitAtOrBeforeIt() throws Exception {
        Path backup = backupOfPuts();
        long wall = Restore.run(backup, directory.resolve("all"), "n1").holds().wallMillis();

        assertThat(Restore.run(backup, directory.resolve("a"), "n1", new RestorePoint.AtTime(wall))
                        .at()
                        .value())
                .isEqualTo(PUT_COUNT);
        assertRefused(ExitCode.BAD_CONFIGURATION, backup, new RestorePoint.AtTime(0));
        assertRefused(ExitCode.BAD_CONFIGURATION, backup, new RestorePoint.AtCommit(new CommitTs(PUT_COUNT + 1)));
    }

    private void assertRefused(ExitCode code, Path backup, RestorePoint point) {
        assertThatThrownBy(() -> Restore.run(backup, directory.resolve("refused"), "n1", point))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(code));
        assertThat(directory.resolve("refused")).doesNotExist();
    }

    @Test
    void foundersAtDifferentPointsFoundNothing() throws Exception {
        Path backup = backupOfPuts();
        Path mixed = directory.resolve("mixed");
        Restore.run(backup, mixed.resolve("n1"), "n1", new RestorePoint.AtCommit(new CommitTs(7)));
        Restore.run(backup, mixed.resolve("n2"), "n2", new RestorePoint.AtCommit(new CommitTs(8)));

        assertThatThrownBy(() -> LocalCluster.start(mixed, 2).close())
                .hasStackTraceContaining("a new cluster begins with the same backup on all founding members");
    }

    private Path backupOfPuts() throws IOException {
        try (var one = LocalCluster.start(directory.resolve("one"), 1)) {
            for (int i = 0; i < PUT_COUNT; i++) {
                one.commit(Commands.put("t" + i, "key" + i % 7, "" + i));
            }
            return WrittenBackup.of(one.log("n1"), directory.resolve("backup"));
        }
    }

    @Test
    void foundersWithDifferentBeginningsFoundNothing() throws Exception {
        Path backup;
        try (var one = LocalCluster.start(directory.resolve("one"), 1)) {
            one.commit(Commands.put("t1", "task", "1"));
            backup = WrittenBackup.of(one.log("n1"), directory.resolve("backup"));
        }
        Restore.run(backup, directory.resolve("mixed").resolve("n1"), "n1");

        assertThatThrownBy(
                        () -> LocalCluster.start(directory.resolve("mixed"), 2).close())
                .hasStackTraceContaining("a new cluster begins with the same backup on all founding members");
    }

    @Test
    void whatIsNotEmptyIsNotRestoredInto() throws Exception {
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(data.resolve("note"), "mine");

        assertThatThrownBy(() -> Restore.run(directory.resolve("none"), data, "n1"))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.IDENTITY_REFUSED));
        assertThat(data.resolve("note")).hasContent("mine");
    }
}
