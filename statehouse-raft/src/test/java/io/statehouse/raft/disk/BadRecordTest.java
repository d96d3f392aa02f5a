package io.statehouse.raft.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.LogPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.junit.jupiter.api.Test;

/** The few records that a crash and rot can leave looking alike. */
class BadRecordTest {
    private static final LogPosition BEFORE = new LogPosition(1, 6);
    private static final int PADDING = 2_048;
    private static final int TRIES = 1_000_000;
    private static final int BODY_BYTES = 40;

    /** A padded file of one record, whose entry is varied until its checksum is as wanted. */
    private static byte[] fileWith(int bodyBytes, IntPredicate crc) throws IOException {
        for (int salt = 0; salt < TRIES; salt++) {
            byte[] record = record(bodyBytes, salt);
            if (crc.test(LogRecord.crcAt(record, record.length))) {
                byte[] file = Arrays.copyOf(SegmentScan.HEADER, SegmentScan.HEADER.length + record.length + PADDING);
                System.arraycopy(record, 0, file, SegmentScan.HEADER.length, record.length);
                return file;
            }
        }
        throw new AssertionError("no such checksum in " + TRIES + " tries");
    }

    private static byte[] record(int bodyBytes, int salt) throws IOException {
        byte[] body = new byte[bodyBytes];
        Arrays.fill(body, (byte) 'x');
        ByteBuffer.wrap(body).put(new byte[] {8, 1, 16, 7, 26}).putInt(salt | 1 << 30);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeUInt32NoTag(bodyBytes);
        out.writeRawBytes(body);
        out.flush();
        byte[] unsigned = bytes.toByteArray();
        return ByteBuffer.allocate(unsigned.length + LogRecord.CRC_BYTES)
                .put(unsigned)
                .putInt(LogRecord.crcOf(unsigned, 0, unsigned.length))
                .array();
    }

    private static int endOfRecord(byte[] file) {
        LogRecord record = LogRecord.intactAt(file, SegmentScan.HEADER.length);
        return record == null ? -1 : record.end();
    }

    private static boolean isTorn(byte[] file) {
        assertThat(LogRecord.intactAt(file, SegmentScan.HEADER.length)).isNull();
        return new BadRecord(file, SegmentScan.HEADER.length, BEFORE).damage() == null;
    }

    @Test
    void aFlipThatEmptiesTheLastByteOfTheChecksumIsNoTear() throws IOException {
        byte[] file = fileWith(BODY_BYTES, crc -> Integer.bitCount(crc & 0xFF) == 1);
        file[endOfRecord(file) - 1] = 0;

        assertThat(isTorn(file)).isFalse();
    }

    @Test
    void everyFlipInARecordWhoseChecksumEndsInZerosIsNoTear() throws IOException {
        byte[] file = fileWith(BODY_BYTES, crc -> (crc & 0xFFFF) == 0);
        int end = endOfRecord(file);

        for (int bit = SegmentScan.HEADER.length * Byte.SIZE; bit < end * Byte.SIZE; bit++) {
            byte[] flipped = file.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertThat(isTorn(flipped)).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void aSectorBorderInsideTheChecksumMayBeWhereTheCrashWas() throws IOException {
        // Two bytes of length, and two bytes of checksum behind the border.
        int bodyBytes = BadRecord.SECTOR_BYTES - SegmentScan.HEADER.length - 2 - 2;
        byte[] file = fileWith(bodyBytes, crc -> (crc & 0xFF) != 0);
        int end = endOfRecord(file);
        assertThat(end - 2).isEqualTo(BadRecord.SECTOR_BYTES);

        Arrays.fill(file, end - 2, end, (byte) 0);
        assertThat(isTorn(file)).isTrue();
        file[end - 3] ^= 1;
        assertThat(isTorn(file)).as("what is left of the checksum is wrong").isFalse();
    }

    @Test
    void aLengthOfWhichOnlyAPartArrivedIsATear() throws IOException {
        byte[] file = fileWith(BadRecord.SECTOR_BYTES, crc -> true);
        Arrays.fill(file, SegmentScan.HEADER.length + 1, file.length, (byte) 0);

        assertThat(isTorn(file)).isTrue();
        assertThat(isTorn(Arrays.copyOf(file, SegmentScan.HEADER.length + 1))).isTrue();
    }

    @Test
    void aBitInThePaddingTakesNoEntryAway() throws IOException {
        byte[] file = fileWith(BODY_BYTES, crc -> true);
        int end = endOfRecord(file);
        file[end + PADDING / 2] = 1;

        BadRecord behind = new BadRecord(file, end, new LogPosition(1, 7));

        assertThat(behind.damage()).isNull();
    }
}
