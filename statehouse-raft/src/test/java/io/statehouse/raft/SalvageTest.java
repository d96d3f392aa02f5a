package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SalvageTest {
    private static final int PUT_COUNT = 60;
    private static final int TORN_BYTES = 40;

    @TempDir
    Path directory;

    /** Kills all members, and returns the directory of the one that led: it holds all that was acknowledged. */
    private Path survivor() {
        try (var cluster = LocalCluster.start(directory.resolve("old"), 3)) {
            for (int i = 0; i < PUT_COUNT; i++) {
                cluster.commit(Commands.put("t" + i, "key" + i, "" + i));
            }
            String leader = cluster.awaitLeader();
            cluster.ids().forEach(cluster::kill);
            return directory.resolve("old").resolve(leader);
        }
    }

    @Test
    void aNewClusterBeginsWithAllThatTheOneSurvivorHolds() throws Exception {
        Path data = survivor();

        Salvage.Saved saved = Salvage.run(data, directory.resolve("saved"));

        assertThat(saved.at().value()).isEqualTo(PUT_COUNT);
        Path restored = directory.resolve("new");
        for (String id : new String[] {"n1", "n2", "n3"}) {
            var unused = Restore.run(directory.resolve("saved"), restored.resolve(id), id);
        }
        try (var cluster = LocalCluster.start(restored, 3)) {
            cluster.commit(Commands.put("new", "new", "1"));
            for (int i = 0; i < PUT_COUNT; i++) {
                assertThat(LocalCluster.read(cluster.log(cluster.awaitLeader()), "key" + i))
                        .isEqualTo("" + i);
            }
            assertThat(cluster.halts()).isEmpty();
        }
    }

    @Test
    void aRecordThatACrashCutShortIsTakenOffAndAnythingElseIsRefused() throws Exception {
        Path data = survivor();
        var whole = Salvage.repairLog(data);
        Path open = openSegment(data);
        byte[] before = Files.readAllBytes(open);

        overwrite(open, endOf(before), new byte[] {TORN_BYTES, 8, 1, 16});
        assertThat(Salvage.repairLog(data)).isEqualTo(whole);

        Files.write(open, before);
        overwrite(open, endOf(before) / 2, new byte[] {(byte) ~before[endOf(before) / 2]});
        assertThatThrownBy(() -> Salvage.repairLog(data))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.LOG_DAMAGED));
        assertThatThrownBy(() -> Salvage.run(data, directory.resolve("saved")))
                .isInstanceOf(StartRefusedException.class);
        assertThat(directory.resolve("saved")).doesNotExist();
    }

    private static Path openSegment(Path data) throws IOException {
        try (var files = Files.walk(data.resolve("raft"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_inprogress"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Behind the last record: each is a length of seven bits a byte, so much, and a checksum. */
    private static int endOf(byte[] file) {
        int end = "RaftLog1".length();
        while (end < file.length && file[end] != 0) {
            int length = 0;
            int shift = 0;
            for (; file[end] < 0; end++, shift += 7) {
                length |= (file[end] & 0x7f) << shift;
            }
            length |= file[end] << shift;
            end += 1 + length + Integer.BYTES;
        }
        return end;
    }

    private static void overwrite(Path file, int offset, byte[] bytes) throws IOException {
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(offset);
            out.write(bytes);
        }
    }
}
