package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.Limits;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Backups that somebody has been at are refused, and nothing is written for them. */
class HostileBackupTest {
    private static final String ZEROS = "0".repeat(64);
    private static final long BOMB_BYTES = 1L << 43;

    @TempDir
    Path directory;

    private int made;

    /** What may be done to a sound backup. */
    private interface Harm {
        void to(Path backup) throws IOException;
    }

    @Test
    void aSoundOneIsTaken() throws IOException {
        Path backup = sound();

        Restore.run(backup, directory.resolve("data"), "n1");

        assertThat(directory.resolve("data/identity")).exists();
    }

    @TestFactory
    Stream<DynamicTest> harm() {
        Map<String, Harm> harms = new LinkedHashMap<>();
        harms.put("a name that leads up", backup -> addSum(backup, ZEROS + "  ../../evil"));
        harms.put("an absolute name", backup -> addSum(backup, ZEROS + "  /etc/passwd"));
        harms.put("a hidden name", backup -> addSum(backup, ZEROS + "  .bashrc"));
        harms.put("a name with a backslash", backup -> addSum(backup, ZEROS + "  a\\b"));
        harms.put(
                "a name twice",
                backup -> addSum(backup, Files.readAllLines(sums(backup)).get(0)));
        harms.put("the list naming itself", backup -> addSum(backup, ZEROS + "  SHA256SUMS"));
        harms.put("a line of rubbish", backup -> addSum(backup, "rubbish"));
        harms.put("bytes that are no text", backup -> Files.write(sums(backup), new byte[] {(byte) 0xff, 0, 1}));
        harms.put("a file that is not named", backup -> Files.writeString(backup.resolve("more"), "x"));
        harms.put("a named file that is missing", backup -> addSum(backup, ZEROS + "  missing"));
        harms.put("a link instead of a file", HostileBackupTest::linkOneFile);
        harms.put("a link beside the files", backup -> Files.createSymbolicLink(backup.resolve("link"), backup));
        harms.put("a directory", backup -> Files.createDirectory(backup.resolve("sub")));
        harms.put("a flipped byte in a table", backup -> flip(file(backup, ".sst")));
        harms.put("a flipped byte in what it says of itself", backup -> flip(backup.resolve("BACKUP")));
        harms.put("a flipped byte in the list", backup -> flip(sums(backup)));
        harms.put("a truncated file", backup -> truncate(file(backup, ".sst")));
        harms.put("a file larger than the disk", HostileBackupTest::bomb);
        harms.put("no list: a backup that was not finished", backup -> Files.delete(sums(backup)));
        harms.put("a later format", backup -> about(backup, "format=2\ncluster=c\ncommit_ts=1\n"));
        harms.put("no commit", backup -> about(backup, "format=1\ncluster=c\n"));
        return harms.entrySet().stream()
                .map(harm -> DynamicTest.dynamicTest(harm.getKey(), () -> assertRefused(harm.getValue())));
    }

    private void assertRefused(Harm harm) throws IOException {
        Path backup = sound();
        harm.to(backup);
        Path data = directory.resolve("data-" + made);

        assertThatThrownBy(() -> Restore.run(backup, data, "n1"))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.BACKUP_REFUSED))
                .hasMessageContaining("nothing was written");
        assertThat(data).doesNotExist();
    }

    private Path sound() throws IOException {
        made++;
        var state = new SnapshotDirectory(directory.resolve("state-" + made), Limits.DEFAULT, (code, why, cause) -> {});
        state.prepare();
        var replica = new Replica((code, why, cause) -> {}, Runnable::run);
        replica.open(state);
        SnapshotIntegrityTest.fill(replica);
        Path backup = directory.resolve("backup-" + made);
        replica.checkpoint(backup);
        replica.close(new LogException.Unavailable("done", null));
        Files.writeString(backup.resolve("BACKUP"), "format=1\ncluster=c\ncommit_ts=200\n");
        WrittenBackup.seal(backup);
        return backup;
    }

    private static Path sums(Path backup) {
        return backup.resolve("SHA256SUMS");
    }

    private static void addSum(Path backup, String line) throws IOException {
        Files.writeString(sums(backup), Files.readString(sums(backup)) + line + "\n");
    }

    private static void about(Path backup, String text) throws IOException {
        Files.writeString(backup.resolve("BACKUP"), text);
        WrittenBackup.seal(backup);
    }

    private static Path file(Path backup, String ending) throws IOException {
        try (var files = Files.list(backup)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.delete(file);
        Files.write(file, bytes);
    }

    private static void truncate(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    }

    private static void linkOneFile(Path backup) throws IOException {
        Path file = file(backup, ".sst");
        Path elsewhere = backup.resolveSibling(backup.getFileName() + "-elsewhere");
        Files.move(file, elsewhere);
        Files.createSymbolicLink(file, elsewhere);
    }

    /** Takes no room on the disk, and would take for ever to read. */
    private static void bomb(Path backup) throws IOException {
        Path file = file(backup, ".sst");
        Files.delete(file);
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(BOMB_BYTES);
        }
    }
}
