package io.statehouse.raft.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.FirstStart;
import io.statehouse.raft.Member;
import io.statehouse.raft.RaftOptions;
import io.statehouse.raft.StartRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose data directory this is, and every way in which it is nobody's. */
class IdentityTest {
    private static final Member N1 = new Member("n1", "127.0.0.1:1", "127.0.0.1:2");

    @TempDir
    Path work;

    private static DiskGuard open(Path data, Member self, boolean mayInitialize) {
        RaftOptions options =
                RaftOptions.of(self, List.of(self), data, mayInitialize ? FirstStart.FOUND : FirstStart.REFUSED);
        return DiskGuard.open(options, RatisMember.failing(), peer -> null, RatisMember.NO_FREE_BYTES_NEEDED);
    }

    private static NodeIdentity found(Path data) {
        try (DiskGuard guard = open(data, N1, true)) {
            return guard.identity();
        }
    }

    private static void requireRefused(Path data, ExitCode code, String... facts) {
        assertThatThrownBy(() -> open(data, N1, true).close())
                .isInstanceOfSatisfying(StartRefusedException.class, refusal -> {
                    assertThat(refusal.exitCode()).isEqualTo(code);
                    assertThat(refusal.getMessage()).contains(facts);
                });
    }

    @Test
    void aClusterOfOneFoundsItselfAndStaysTheSame() {
        NodeIdentity first = found(work);

        assertThat(first.state()).isEqualTo(NodeIdentity.State.MEMBER);
        assertThat(found(work)).isEqualTo(first);
        try (DiskGuard guard = open(work, N1, false)) {
            assertThat(guard.identity()).isEqualTo(first);
        }
    }

    @Test
    void anEmptyDirectoryIsRefusedWithoutPermission() {
        assertThatThrownBy(() -> open(work, N1, false).close())
                .isInstanceOfSatisfying(StartRefusedException.class, refusal -> {
                    assertThat(refusal.exitCode()).isEqualTo(ExitCode.IDENTITY_REFUSED);
                    assertThat(refusal.getMessage()).contains("--init", "statehousectl cluster replace n1");
                });
        assertThat(work).isDirectoryNotContaining("glob:**/identity");
    }

    @Test
    void aDirectoryOfAnotherNodeIsRefused() {
        found(work);

        assertThatThrownBy(() -> open(work, new Member("n2", "127.0.0.1:1", "127.0.0.1:2"), true)
                        .close())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll("belongs to node n1", "n2");
    }

    @Test
    void theIdentityOfAnotherClusterIsRefused() throws IOException {
        Path other = work.resolve("other");
        Path mine = work.resolve("mine");
        found(other);
        found(mine);

        Files.copy(
                other.resolve("identity"), mine.resolve("identity"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        requireRefused(mine, ExitCode.IDENTITY_REFUSED, "not of one node");
    }

    @Test
    void everyFlippedBitOfTheIdentityIsRefused() throws IOException {
        found(work);
        Path file = work.resolve("identity");
        byte[] sound = Files.readAllBytes(file);
        for (int bit = 0; bit < sound.length * Byte.SIZE; bit++) {
            byte[] flipped = sound.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            Files.write(file, flipped);

            requireRefused(work, ExitCode.IDENTITY_REFUSED, "damaged");
        }
        Files.write(file, sound);
        found(work);
    }

    @Test
    void anIdentityOfANewerReleaseIsRefused() throws IOException {
        NodeIdentity identity = found(work);
        String text = new String(IdentityText.encode(identity, Set.of()), StandardCharsets.UTF_8);
        String newer =
                text.substring(0, text.indexOf("crc ")).replace("statehouse-identity 1", "statehouse-identity 2");
        Files.writeString(
                work.resolve("identity"),
                newer + "crc " + SealedLines.crcOf(newer.getBytes(StandardCharsets.UTF_8)) + "\n");

        requireRefused(work, ExitCode.IDENTITY_REFUSED, "newer release");
    }

    @Test
    void dataWithoutAnIdentityIsRefusedAndNotFormatted() throws IOException {
        found(work);
        Files.delete(work.resolve("identity"));

        requireRefused(work, ExitCode.IDENTITY_REFUSED, "raft", "no identity file");
        assertThat(work.resolve("raft")).exists();
    }

    @Test
    void aMemberWithoutItsLogIsRefusedAndNotFormatted() throws IOException {
        NodeIdentity identity = found(work);
        deleteFully(work.resolve("raft"));

        requireRefused(work, ExitCode.IDENTITY_REFUSED, "is missing", "statehousectl cluster replace n1");
        assertThat(work.resolve("raft").resolve(String.valueOf(identity.clusterId())))
                .doesNotExist();
    }

    @Test
    void aMemberWithoutItsMarksIsRefused() throws IOException {
        found(work);
        Files.delete(work.resolve("marks"));

        requireRefused(work, ExitCode.METADATA_DAMAGED, "marks cannot be read");
    }

    @Test
    void aDirectoryInUseIsRefused() {
        try (DiskGuard guard = open(work, N1, true)) {
            assertThat(guard.identity().nodeId()).isEqualTo("n1");
            requireRefused(work, ExitCode.ALREADY_RUNNING, "in use");
        }
        found(work);
    }

    @Test
    void aFullDiskIsRefusedBeforeAnythingIsWritten() {
        RaftOptions options = RaftOptions.of(N1, List.of(N1), work, FirstStart.FOUND);

        assertThatThrownBy(() -> DiskGuard.open(options, RatisMember.failing(), peer -> null, Long.MAX_VALUE)
                        .close())
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.STORAGE_FAILED));
        assertThat(work).isDirectoryNotContaining("glob:**/identity");
    }

    @Test
    void aNameThatCouldNotBeWrittenInALineIsRefused() {
        assertThatThrownBy(() -> open(work, new Member("n 1", "127.0.0.1:1", "127.0.0.1:2"), true)
                        .close())
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION));
    }

    @Test
    void aCrashAfterAnyStepOfFoundingIsMadeGood() throws IOException {
        IdentityCheck check = new IdentityCheck(work, "n1");
        NodeIdentity forming = NodeIdentity.fresh("n1", UUID.randomUUID());
        NodeIdentity formed = forming.formedWith(forming.founders());
        Path current =
                work.resolve("raft").resolve(String.valueOf(formed.clusterId())).resolve("current");

        check.write(forming);
        assertThat(found(work).incarnation()).isEqualTo(forming.incarnation());
        deleteFully(work.resolve("raft"));
        check.write(formed);
        assertThat(found(work)).isEqualTo(formed.asMember());
        for (String lost : List.of("raft-meta", "raft-meta.sums")) {
            Files.delete(current.resolve(lost));
            check.write(formed);
            assertThat(found(work)).isEqualTo(formed.asMember());
        }
        Files.delete(work.resolve("marks"));
        check.write(formed);
        assertThat(found(work)).isEqualTo(formed.asMember());
        Files.write(work.resolve("identity.tmp"), new byte[] {1});
        assertThat(found(work)).isEqualTo(formed.asMember());
    }

    private static void deleteFully(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(Objects.requireNonNull(path));
            }
        }
    }
}
