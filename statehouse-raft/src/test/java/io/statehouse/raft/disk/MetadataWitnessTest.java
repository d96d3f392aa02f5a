package io.statehouse.raft.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.StartRefusedException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ratis's metadata files, broken, exchanged and caught between any two steps of their replacement. */
class MetadataWitnessTest {
    @TempDir
    Path work;

    private Path data;
    private Path current;

    @BeforeEach
    void runAMember() throws Exception {
        data = work.resolve("data");
        try (RatisMember member = RatisMember.start(data)) {
            member.write("something");
        }
        current = RatisMember.current(data);
    }

    @Test
    void ratisWritesItsVoteAndItsMembershipThroughTheWitness() throws Exception {
        String sums = Files.readString(current.resolve("raft-meta.sums"));

        assertThat(Files.readString(current.resolve("raft-meta"))).contains("term=1", "votedFor=n1");
        assertThat(sums).contains(sumOf("raft-meta"), sumOf("raft-meta.conf"));
    }

    private String sumOf(String name) throws IOException {
        return SealedLines.crcOf(Files.readAllBytes(current.resolve(name)));
    }

    @Test
    void aMemberStartsAgainAndVotesAgain() throws Exception {
        try (RatisMember member = RatisMember.start(data)) {
            member.write("something else");
        }

        assertThat(Files.readString(current.resolve("raft-meta"))).contains("term=2");
    }

    @Test
    void everyFlippedBitOfTheMetadataIsRefused() throws Exception {
        for (String name : List.of("raft-meta", "raft-meta.conf", "raft-meta.sums")) {
            Path file = current.resolve(name);
            byte[] sound = Files.readAllBytes(file);
            for (int bit = 0; bit < sound.length * Byte.SIZE; bit++) {
                byte[] flipped = sound.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                Files.write(file, flipped);
                requireRefused();
            }
            Files.write(file, sound);
        }
        assertThatCode(() -> MetadataWitness.check(current)).doesNotThrowAnyException();
    }

    @Test
    void aMissingMetadataFileIsRefused() throws Exception {
        for (String name : List.of("raft-meta", "raft-meta.conf", "raft-meta.sums")) {
            Path file = current.resolve(name);
            Path aside = work.resolve(name);
            Files.move(file, aside);
            requireRefused();
            Files.move(aside, file);
        }
    }

    @Test
    void theVoteOfAnotherNodeOrOfEarlierIsRefused() throws Exception {
        byte[] earlier = Files.readAllBytes(current.resolve("raft-meta"));
        for (int i = 0; i < 2; i++) {
            try (RatisMember member = RatisMember.start(data)) {
                member.write("again " + i);
            }
        }

        Files.write(current.resolve("raft-meta"), earlier);

        requireRefused();
        assertThatThrownBy(() -> RatisMember.start(data)).isInstanceOf(StartRefusedException.class);
    }

    private void requireRefused() {
        assertThatThrownBy(() -> MetadataWitness.check(current))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.METADATA_DAMAGED));
    }

    @Test
    void aCrashBetweenAnyTwoStepsOfAReplacementLeavesAHealthyNode() throws Exception {
        byte[] fileBefore = Files.readAllBytes(current.resolve("raft-meta"));
        byte[] sumsBefore = Files.readAllBytes(current.resolve("raft-meta.sums"));
        MetadataWitness.watch(current, RatisMember.failing());
        replace("term=9\nvotedFor=n1\n");
        byte[] fileAfter = Files.readAllBytes(current.resolve("raft-meta"));
        byte[] sumsAfter = Files.readAllBytes(current.resolve("raft-meta.sums"));
        assertThat(fileAfter).isNotEqualTo(fileBefore);

        Files.write(current.resolve("raft-meta"), fileBefore);
        Files.write(current.resolve("raft-meta.tmp"), new byte[] {1});
        MetadataWitness.check(current);
        Files.write(current.resolve("raft-meta.sums.tmp"), new byte[] {1});
        Files.write(current.resolve("raft-meta.sums"), sumsBefore);
        MetadataWitness.check(current);
        Files.write(current.resolve("raft-meta.sums"), sumsAfter);
        replace("term=10\nvotedFor=n1\n");

        MetadataWitness.check(current);
        MetadataWitness.unwatch(current);
    }

    private void replace(String text) throws IOException {
        try (AtomicFileOutputStream out =
                new AtomicFileOutputStream(current.resolve("raft-meta").toFile())) {
            out.write(RatisMember.bytes(text));
        }
    }

    @Test
    void aFileThatChangedUnderARunningNodeStopsIt() throws Exception {
        List<ExitCode> halts = new ArrayList<>();
        MetadataWitness.watch(current, (code, reason, cause) -> halts.add(code));
        Files.write(current.resolve("raft-meta"), RatisMember.bytes("term=0\n"));

        assertThatThrownBy(() -> replace("term=9\n")).isInstanceOf(IOException.class);

        assertThat(halts).contains(ExitCode.METADATA_DAMAGED);
        MetadataWitness.unwatch(current);
    }

    @Test
    void aVoteThatCannotBeWrittenStopsTheNode() throws Exception {
        List<ExitCode> halts = new ArrayList<>();
        MetadataWitness.watch(current, (code, reason, cause) -> halts.add(code));
        Files.createDirectory(current.resolve("raft-meta.tmp"));

        assertThatThrownBy(() -> replace("term=9\n")).isInstanceOf(IOException.class);

        assertThat(halts).containsExactly(ExitCode.STORAGE_FAILED);
        MetadataWitness.unwatch(current);
    }

    @Test
    void anAbandonedStreamReplacesNothing() throws Exception {
        File file = work.resolve("file").toFile();
        Files.writeString(file.toPath(), "old");
        AtomicFileOutputStream out = new AtomicFileOutputStream(file);
        out.write(RatisMember.bytes("new"));

        out.abort();

        assertThat(out.isClosed()).isTrue();
        assertThat(file.toPath()).hasContent("old");
        assertThat(AtomicFileOutputStream.getTemporaryFile(file)).doesNotExist();
    }
}
