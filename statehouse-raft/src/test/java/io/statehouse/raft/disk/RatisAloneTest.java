package io.statehouse.raft.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.StartRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Ratis makes of a broken log when nobody looks before it, beside what the guard makes of it. */
class RatisAloneTest {
    private static final int ENTRIES = 20;
    private static final int BROKEN = 15;
    private static final String PROBE = "probe";

    @TempDir
    Path work;

    private Path killed;
    private Path stopped;
    private final List<String> written = new ArrayList<>();

    @BeforeEach
    void writeALog() throws Exception {
        stopped = work.resolve("stopped");
        killed = work.resolve("killed");
        try (RatisMember member = RatisMember.start(stopped)) {
            for (int i = 0; i < ENTRIES; i++) {
                String text = "entry " + i;
                member.write(text);
                written.add(text);
            }
            member.copyAsKilled(killed);
        }
    }

    @Test
    void bothStartOnASoundLogWithEverythingInIt() throws Exception {
        assertThat(appliedBy(RatisMember.startUnproved(killed, "EXCEPTION"))).isEqualTo(written);
        assertThat(appliedBy(RatisMember.start(killed))).isEqualTo(written);
        assertThat(appliedBy(RatisMember.start(stopped))).isEqualTo(written);
    }

    @Test
    void aFlippedLengthAfterAnOrderlyStopLosesAcknowledgedEntriesInSilenceUnlessGuarded() throws Exception {
        flipLengthOf(stopped, BROKEN);
        Path forRatis = copy(stopped);

        assertThat(appliedBy(RatisMember.startUnproved(forRatis, "EXCEPTION")))
                .isEqualTo(written.subList(0, BROKEN - 1));
        requireRefused(stopped);
    }

    @Test
    void aFlippedBitUnderTheLenientPolicyLosesAcknowledgedEntriesInSilenceUnlessGuarded() throws Exception {
        flipBodyOf(killed, BROKEN);
        Path forRatis = copy(killed);

        assertThat(appliedBy(RatisMember.startUnproved(forRatis, "WARN_AND_RETURN")))
                .hasSizeLessThan(written.size());
        requireRefused(killed);
    }

    @Test
    void aTornLastRecordKeepsRatisFromStartingUnlessGuarded() throws Exception {
        WrittenLog log = new WrittenLog(RatisMember.current(killed));
        SegmentFile segment = log.lastSegment();
        byte[] torn = log.read(segment);
        LogRecord last = log.lastRecord();
        Arrays.fill(torn, (last.start() + last.end()) / 2, torn.length, (byte) 0);
        log.write(segment, torn);
        Path forRatis = copy(killed);

        assertThatThrownBy(() -> RatisMember.startUnproved(forRatis, "EXCEPTION"))
                .hasRootCauseInstanceOf(ChecksumException.class);
        assertThat(appliedBy(RatisMember.start(killed))).isEqualTo(written.subList(0, ENTRIES - 1));
    }

    private static void requireRefused(Path data) {
        assertThatThrownBy(() -> RatisMember.start(data))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.LOG_DAMAGED));
    }

    private static List<String> appliedBy(RatisMember started) throws Exception {
        try (RatisMember member = started) {
            List<String> applied = new ArrayList<>(member.appliedUpTo(PROBE));
            applied.remove(PROBE);
            return applied;
        }
    }

    private Path copy(Path data) throws IOException {
        Path to = work.resolve(data.getFileName() + "-for-ratis");
        RatisMember.copy(data, to);
        return to;
    }

    private static void flipLengthOf(Path data, int record) throws IOException {
        // The bit that says whether the length goes on: with the next byte it is more than the file has left.
        flip(data, record, 0, 1 << 7);
    }

    private static void flipBodyOf(Path data, int record) throws IOException {
        flip(data, record, 10, 1);
    }

    private static void flip(Path data, int record, int offset, int bit) throws IOException {
        WrittenLog log = new WrittenLog(RatisMember.current(data));
        SegmentFile segment = log.lastSegment();
        byte[] bytes = log.read(segment);
        bytes[log.records(segment).get(record).start() + offset] ^= (byte) bit;
        log.write(segment, bytes);
    }
}
