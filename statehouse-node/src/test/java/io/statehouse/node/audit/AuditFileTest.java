package io.statehouse.node.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is changed in an audit, or taken from its middle, is found and named. */
class AuditFileTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000));
    private static final int LINES = 5;

    @TempDir
    private Path directory;

    private AuditPlace place(long fileBytesMax, int filesMax) {
        return new AuditPlace(directory.resolve("audit"), "n1", fileBytesMax, filesMax);
    }

    private AuditFile open(AuditPlace place) throws IOException {
        return AuditFile.open(place, AuditStream.ADMITTED, CLOCK);
    }

    private List<Path> files() throws IOException {
        return AuditFiles.of(directory.resolve("audit"), AuditStream.ADMITTED);
    }

    /** Some lines in one file. */
    private Path written() throws IOException {
        try (AuditFile audit = open(place(1 << 20, 2))) {
            for (int line = 1; line <= LINES; line++) {
                audit.append("admitted who=ada call=" + line);
            }
        }
        return files().getFirst();
    }

    private static List<AuditProof.Stream> prove(Path path) throws Exception {
        return AuditProof.run(path, null);
    }

    private static void assertBroken(Path path, String... words) {
        assertThatExceptionOfType(AuditProof.BrokenException.class)
                .isThrownBy(() -> prove(path))
                .satisfies(broken -> assertThat(broken.getMessage()).contains(words));
    }

    @Test
    void whatWasWrittenIsProved() throws Exception {
        Path file = written();

        AuditProof.Stream found = prove(file).getFirst();

        assertThat(found.first()).isEqualTo(1);
        assertThat(found.last()).isEqualTo(LINES);
        assertThat(prove(directory.resolve("audit"))).hasSize(1);
        assertThat(Files.readString(file)).contains("\n2 2027-01-15T08:00:00Z admitted who=ada call=2 chain=");
    }

    @Test
    void everyByteThatIsChangedIsFound() throws Exception {
        Path file = written();
        byte[] whole = Files.readAllBytes(file);

        for (int at = 0; at < whole.length; at++) {
            for (int bit = 1; bit < 1 << Byte.SIZE; bit <<= 1) {
                byte[] changed = whole.clone();
                changed[at] ^= (byte) bit;
                Files.write(file, changed);
                assertBroken(file, file + " line ");
            }
        }
        assertThat(whole.length).isGreaterThan(LINES * 64);
    }

    @Test
    void everyLineThatIsTakenAwayIsNamed() throws Exception {
        Path file = written();
        List<String> lines = Files.readAllLines(file);

        for (int gone = 1; gone < LINES; gone++) {
            List<String> rest = new ArrayList<>(lines);
            rest.remove(gone);
            Files.write(file, rest);
            assertBroken(file, " line " + (gone + 1) + " ", "has the number " + (gone + 1) + " and " + gone);
        }
        Files.write(file, lines.subList(1, lines.size()));
        assertBroken(file, " line 1 is no head");
    }

    @Test
    void linesThatChangePlacesOrAreRepeatedAreFound() throws Exception {
        Path file = written();
        List<String> lines = Files.readAllLines(file);

        List<String> swapped = new ArrayList<>(lines);
        swapped.set(2, lines.get(3));
        swapped.set(3, lines.get(2));
        Files.write(file, swapped);
        assertBroken(file, " line 3 ");

        List<String> repeated = new ArrayList<>(lines);
        repeated.add(3, lines.get(2));
        Files.write(file, repeated);
        assertBroken(file, " line 4 ");
    }

    @Test
    void anEndThatIsCutOffIsFoundByAChainThatWasKeptElsewhere() throws Exception {
        Path file = written();
        List<String> lines = Files.readAllLines(file);
        String chain = lines.getLast().substring(lines.getLast().lastIndexOf('=') + 1);
        assertThat(AuditProof.run(file, chain)).hasSize(1);

        Files.write(file, lines.subList(0, LINES));

        assertThat(prove(file).getFirst().last()).isEqualTo(LINES - 1);
        assertThatExceptionOfType(AuditProof.BrokenException.class)
                .isThrownBy(() -> AuditProof.run(file, chain))
                .withMessageContaining(chain);
    }

    @Test
    void aStreamGoesOnWhereItEndedAndALineThatACrashCutShortIsTakenOff() throws Exception {
        Path file = written();
        Files.writeString(file, "6 2027-01-15T08:00:00Z admi", StandardOpenOption.APPEND);

        try (AuditFile audit = open(place(1 << 20, 2))) {
            assertThat(audit.append("admitted who=eve")).startsWith("line=" + (LINES + 1) + " chain=");
        }

        assertThat(files()).containsExactly(file);
        assertThat(prove(file).getFirst().last()).isEqualTo(LINES + 1);
    }

    @Test
    void bytesThatAPowerCutLeftBehindTheEndAreTakenOffHoweverManyTheyAre() throws Exception {
        Path file = written();
        Files.write(file, new byte[2 * AuditFiles.LINE_BYTES_MAX], StandardOpenOption.APPEND);
        assertBroken(file, " line " + (LINES + 2) + " lacks its end");

        try (AuditFile audit = open(place(1 << 20, 2))) {
            audit.append("admitted who=eve");
        }

        assertThat(prove(file).getFirst().last()).isEqualTo(LINES + 1);
    }

    @Test
    void aLineThatIsTooLongIsNoneHoweverItBegins() throws Exception {
        Path file = written();
        List<String> lines = Files.readAllLines(file);
        lines.set(LINES, lines.getLast() + "x".repeat(AuditFiles.LINE_BYTES_MAX));
        Files.write(file, lines);

        assertBroken(file, " line " + (LINES + 1) + " is none of an audit");
    }

    @Test
    void aThreadThatIsInterruptedWritesItsLineAndTheNextOneGoesOn() throws Exception {
        try (AuditFile audit = open(place(1 << 20, 2))) {
            Thread.currentThread().interrupt();
            audit.append("admitted who=ada");
            audit.force();
            assertThat(Thread.interrupted()).isTrue();
            audit.append("admitted who=eve");
        }

        assertThat(prove(files().getFirst()).getFirst().last()).isEqualTo(2);
    }

    @Test
    void aFileHasALineHoweverSmallItIsToBe() throws Exception {
        try (AuditFile audit = open(place(1, 2))) {
            audit.append("admitted who=ada");
            audit.append("admitted who=eve");
        }
        try (AuditFile audit = open(place(1, 2))) {
            audit.append("admitted who=bob");
        }

        AuditProof.Stream found = prove(directory.resolve("audit")).getFirst();
        assertThat(found.first()).isEqualTo(2);
        assertThat(found.last()).isEqualTo(3);
    }

    @Test
    void aFileThatWasOnlyBeingBegunIsBegunAnew() throws Exception {
        Path file = written();
        Files.writeString(place(1, 1).file(AuditStream.ADMITTED, LINES + 1), "statehouse-aud");

        try (AuditFile audit = open(place(1 << 20, 2))) {
            audit.append("admitted who=eve");
        }

        assertThat(files()).containsExactly(file);
        assertThat(prove(file).getFirst().last()).isEqualTo(LINES + 1);
    }

    @Test
    void whatIsNoAuditIsNotGoneOnFrom() throws Exception {
        Path file = written();
        Files.writeString(file, "something else\n", StandardOpenOption.APPEND);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> open(place(1 << 20, 2)))
                .withMessageContaining(file.toString());
    }

    @Test
    void filesAreBoundedInSizeAndNumberAndBoundToEachOther() throws Exception {
        int fileBytesMax = 1_000;
        int filesMax = 3;
        int appended = 100;
        try (AuditFile audit = open(place(fileBytesMax, filesMax))) {
            for (int line = 1; line <= appended; line++) {
                audit.append("admitted who=ada call=" + line);
            }
        }

        assertThat(files())
                .hasSize(filesMax)
                .allSatisfy(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(fileBytesMax));
        AuditProof.Stream found = prove(directory.resolve("audit")).getFirst();
        assertThat(found.last()).isEqualTo(appended);
        assertThat(found.first()).isGreaterThan(1);

        Files.delete(files().get(1));
        assertBroken(directory.resolve("audit"), files().get(1) + " line 1 goes on after line number");
    }

    @Test
    void aLineStaysALine() throws Exception {
        try (AuditFile audit = open(place(1 << 20, 2))) {
            audit.append("denied who=a\nb\r\u00e9" + "x".repeat(AuditFiles.LINE_BYTES_MAX));
            audit.append("denied who=c");
        }

        assertThat(prove(files().getFirst()).getFirst().last()).isEqualTo(2);
        assertThat(Files.readString(files().getFirst(), StandardCharsets.US_ASCII))
                .contains("denied who=a?b??x");
    }
}
