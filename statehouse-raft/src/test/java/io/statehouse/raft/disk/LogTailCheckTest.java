package io.statehouse.raft.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that a real Ratis wrote, broken in every way that a small log can be broken in. */
class LogTailCheckTest {
    private static final int SMALL_ENTRIES = 20;
    private static final int LARGE_ENTRIES = 40;
    private static final int LARGE_BYTES = 1_000;
    private static final int FLIPS_IN_LARGE_LOG = 3_000;
    private static final int CUTS = 150;

    @TempDir
    static Path work;

    private static Path killedSmall;
    private static Path stoppedSmall;
    private static Path killedLarge;
    private static int copies;

    @BeforeAll
    static void writeLogs() throws Exception {
        stoppedSmall = work.resolve("stopped-small");
        killedSmall = work.resolve("killed-small");
        try (RatisMember member = RatisMember.start(stoppedSmall)) {
            for (int i = 0; i < SMALL_ENTRIES; i++) {
                member.write("entry " + i);
            }
            member.copyAsKilled(killedSmall);
        }
        killedLarge = work.resolve("killed-large");
        try (RatisMember member = RatisMember.start(work.resolve("stopped-large"))) {
            for (int i = 0; i < LARGE_ENTRIES; i++) {
                member.write(i + " " + "x".repeat(LARGE_BYTES));
            }
            member.copyAsKilled(killedLarge);
        }
    }

    private static WrittenLog copyOf(Path data) throws IOException {
        copies++;
        return WrittenLog.copyOf(data, work.resolve("copy-" + copies));
    }

    @Test
    void aSoundLogIsLeftAsItIs() throws IOException {
        for (Path data : List.of(killedSmall, stoppedSmall, killedLarge)) {
            WrittenLog log = copyOf(data);
            byte[] before = log.read(log.lastSegment());

            assertThat(log.prove()).isNull();

            assertThat(log.read(log.lastSegment())).isEqualTo(before);
        }
    }

    @Test
    void everyFlippedBitOfAnAcknowledgedEntryIsRefusedWithoutAnyMark() throws IOException {
        for (Path data : List.of(killedSmall, stoppedSmall)) {
            WrittenLog log = copyOf(data);
            int bytes = log.lastRecord().end();

            for (int bit = 0; bit < bytes * Byte.SIZE; bit++) {
                requireRefusedWithBit(log, log.lastSegment(), bit);
            }
        }
    }

    @Test
    void flippedBitsInClosedAndOpenFilesAreRefused() throws IOException {
        WrittenLog log = copyOf(killedLarge);
        assertThat(log.segments()).hasSizeGreaterThan(2);
        long seed = Long.getLong("statehouse.seed", System.nanoTime());
        Random random = new Random(seed);

        for (int i = 0; i < FLIPS_IN_LARGE_LOG; i++) {
            SegmentFile segment =
                    log.segments().get(random.nextInt(log.segments().size()));
            List<LogRecord> records = log.records(segment);
            int bytes = records.get(records.size() - 1).end();
            requireRefusedWithBit(log, segment, random.nextInt(bytes * Byte.SIZE));
        }
        System.out.println("seed " + seed);
    }

    private static void requireRefusedWithBit(WrittenLog log, SegmentFile segment, int bit) {
        byte[] sound = log.read(segment);
        byte[] flipped = sound.clone();
        flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
        log.write(segment, flipped);

        requireRefused(log.prove(), "bit " + bit + " of " + segment.name());

        assertThat(log.read(segment)).isEqualTo(flipped);
        log.write(segment, sound);
    }

    private static void requireRefused(@Nullable StartRefusedException refusal, String what) {
        assertThat(refusal).as(what).isNotNull().hasMessageContaining("statehousectl cluster replace");
        assertThat(Objects.requireNonNull(refusal).exitCode()).isEqualTo(ExitCode.LOG_DAMAGED);
    }

    @Test
    void aRecordThatNeverReachedTheDiskWholeIsCutOff() throws IOException {
        for (Path data : List.of(killedSmall, killedLarge)) {
            WrittenLog log = copyOf(data);
            SegmentFile segment = log.lastSegment();
            byte[] sound = log.read(segment);
            LogRecord last = log.lastRecord();

            int step = Math.max(1, (last.end() - last.start()) / CUTS);
            for (int cut = last.start() + 1; cut <= last.end() - LogRecord.CRC_BYTES; cut += step) {
                byte[] torn = sound.clone();
                Arrays.fill(torn, cut, torn.length, (byte) 0);
                requireCut(log, torn, last);
                requireCut(log, Arrays.copyOf(sound, cut), last);
            }
        }
    }

    private static void requireCut(WrittenLog log, byte[] torn, LogRecord last) {
        SegmentFile segment = log.lastSegment();
        byte[] sound = log.read(segment);
        log.write(segment, torn);

        assertThat(log.prove()).isNull();

        assertThat(log.read(segment)).isEqualTo(Arrays.copyOf(sound, last.start()));
        log.write(segment, sound);
    }

    @Test
    void aTornRecordThatWasKnownToBeCommittedIsRefused() throws IOException {
        WrittenLog log = copyOf(killedSmall);
        SegmentFile segment = log.lastSegment();
        LogRecord last = log.lastRecord();
        byte[] torn = log.read(segment);
        Arrays.fill(torn, (last.start() + last.end()) / 2, last.end(), (byte) 0);
        log.write(segment, torn);

        requireRefused(log.prove(LogMarks.NONE.withCommitted(last.position()), LogPosition.NONE), "mark");
        requireRefused(log.prove(LogMarks.NONE, last.position()), "applied");

        assertThat(log.read(segment)).isEqualTo(torn);
    }

    @Test
    void aRecordWithoutOneOfItsSectorsIsCutOff() throws IOException {
        WrittenLog log = copyOf(killedLarge);
        byte[] sound = log.read(log.lastSegment());
        LogRecord last = log.lastRecord();
        int firstWhole = (last.start() / BadRecord.SECTOR_BYTES + 1) * BadRecord.SECTOR_BYTES;

        for (int sector : new int[] {firstWhole - BadRecord.SECTOR_BYTES, firstWhole}) {
            byte[] torn = sound.clone();
            Arrays.fill(torn, Math.max(sector, last.start()), sector + BadRecord.SECTOR_BYTES, (byte) 0);
            requireCut(log, torn, last);
        }
    }

    @Test
    void aMissingSectorWithIntactEntriesBehindItIsRefused() throws IOException {
        WrittenLog log = copyOf(killedLarge);
        SegmentFile segment = log.lastSegment();
        byte[] torn = log.read(segment);
        LogRecord last = log.lastRecord();
        Arrays.fill(torn, last.start() - BadRecord.SECTOR_BYTES, last.start(), (byte) 0);
        log.write(segment, torn);

        requireRefused(log.prove(), "an intact entry follows");
    }

    @Test
    void aFileThatIsMissingOrMovedIsRefused() throws IOException {
        int files = copyOf(killedLarge).segments().size();
        for (int i : IntStream.range(0, files).toArray()) {
            WrittenLog log = copyOf(killedLarge);
            LogPosition end = log.end();
            Files.delete(log.segments().get(i).path());

            requireRefused(log.prove(LogMarks.NONE.withCommitted(end), LogPosition.NONE), "without file " + i);
        }
    }

    @Test
    void aLogOfAnotherTermThanTheStateIsRefused() throws IOException {
        WrittenLog log = copyOf(killedSmall);
        LogPosition end = log.end();
        LogPosition other = new LogPosition(end.term() + 1, end.index());

        requireRefused(log.prove(LogMarks.NONE, other), "state");
        requireRefused(log.prove(LogMarks.NONE.withCommitted(other), LogPosition.NONE), "marks");
    }

    @Test
    void aStateThatASnapshotBroughtMayBeAheadOfTheLog() throws IOException {
        WrittenLog log = copyOf(killedSmall);
        LogPosition snapshot = new LogPosition(log.end().term(), log.end().index() + 100);

        requireRefused(log.prove(LogMarks.NONE, snapshot), "without a snapshot");
        assertThat(log.prove(LogMarks.NONE.withInstalled(snapshot), snapshot)).isNull();
        LogPosition later = new LogPosition(snapshot.term(), snapshot.index() + 1);
        requireRefused(log.prove(LogMarks.NONE.withInstalled(snapshot), later), "the log went on after it");
    }

    @Test
    void aLogThatBeginsBehindTheStateIsRefused() throws IOException {
        WrittenLog log = copyOf(killedLarge);
        SegmentFile first = log.segments().get(0);
        long purgedTo = log.segments().get(1).first() - 1;
        Files.delete(first.path());

        assertThat(log.prove(LogMarks.NONE, new LogPosition(1, purgedTo))).isNull();
        requireRefused(log.prove(LogMarks.NONE, new LogPosition(1, purgedTo - 1)), "gap");
    }

    @Test
    void entriesTakenBackHalfWayAreTakenBack() throws IOException {
        WrittenLog log = copyOf(killedLarge);
        Files.delete(log.lastSegment().path());
        SegmentFile closed = log.lastSegment();
        List<LogRecord> records = log.records(closed);
        LogRecord kept = records.get(records.size() / 2);
        log.write(closed, Arrays.copyOf(log.read(closed), kept.end()));

        requireRefused(log.prove(), "nobody announced it");
        LogMarks announced = LogMarks.NONE.withCut(kept.position().index() + 1);
        assertThat(log.prove(announced, LogPosition.NONE)).isNull();

        assertThat(log.lastSegment().last()).isEqualTo(kept.position().index());
        assertThat(log.prove()).isNull();
    }

    @Test
    void anOrderlyStopFixesTheLogToTheByte() throws IOException {
        WrittenLog log = copyOf(stoppedSmall);
        SegmentFile segment = log.lastSegment();
        byte[] sound = log.read(segment);
        LogMarks stopped = LogMarks.read(stoppedSmall.resolve("marks"));
        assertThat(stopped.stop()).isNotNull();

        assertThat(log.prove(stopped, LogPosition.NONE)).isNull();
        log.write(segment, Arrays.copyOf(sound, sound.length + 1));
        requireRefused(log.prove(stopped, LogPosition.NONE), "a byte more");
        log.write(segment, Arrays.copyOf(sound, log.lastRecord().start()));
        requireRefused(log.prove(stopped, LogPosition.NONE), "an entry less, cut at its border");
        Files.delete(segment.path());
        requireRefused(log.prove(stopped, LogPosition.NONE), "no file");
    }
}
