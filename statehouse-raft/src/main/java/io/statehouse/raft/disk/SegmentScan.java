package io.statehouse.raft.disk;

import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one segment file really holds.
 *
 * @param last its last intact entry; the entry before the segment when there is none
 * @param intactBytes up to where everything is as it must be
 * @param problem null when the file is sound to its end
 * @param crc of the whole file
 */
record SegmentScan(
        SegmentFile segment,
        LogPosition last,
        long fileBytes,
        long intactBytes,
        @Nullable Problem problem,
        String crc) {
    static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);

    /**
     * The first thing in a file that is not as it must be.
     *
     * @param damage null when a crash while writing explains it
     */
    record Problem(long offset, long index, @Nullable String damage) {
        boolean isTorn() {
            return damage == null;
        }
    }

    /**
     * Reads a segment. The whole file is taken into memory, as Ratis does with its entries at the same point of the
     * start.
     *
     * @param before the last entry of the log before this segment
     * @param visitor sees every intact entry in order
     */
    static SegmentScan of(SegmentFile segment, LogPosition before, Consumer<LogPosition> visitor) throws IOException {
        byte[] file = Files.readAllBytes(segment.path());
        LogPosition last = new LogPosition(before.term(), segment.first() - 1);
        String crc = SealedLines.crcOf(file);
        if (!startsWithHeader(file)) {
            return new SegmentScan(segment, last, file.length, 0, headerProblem(file, segment), crc);
        }
        int offset = HEADER.length;
        // Found once: the padding is megabytes, and looking for it again at every entry made a start take minutes.
        int padding = BadRecord.zerosFrom(file, offset);
        Problem problem = null;
        while (problem == null && offset < padding) {
            LogRecord record = LogRecord.intactAt(file, offset);
            problem = problemWith(record, file, offset, last);
            if (record != null && problem == null) {
                last = record.position();
                offset = record.end();
                visitor.accept(last);
            }
        }
        return new SegmentScan(segment, last, file.length, offset, problem, crc);
    }

    private static boolean startsWithHeader(byte[] file) {
        return file.length >= HEADER.length && Arrays.equals(HEADER, Arrays.copyOf(file, HEADER.length));
    }

    /** The header is on disk before the first entry is written, so a torn one is followed by nothing. */
    private static Problem headerProblem(byte[] file, SegmentFile segment) {
        int matching = 0;
        while (matching < Math.min(file.length, HEADER.length) && file[matching] == HEADER[matching]) {
            matching++;
        }
        boolean isTorn = BadRecord.zerosFrom(file, matching) == matching;
        return new Problem(0, segment.first(), isTorn ? null : "it does not begin with the header of a Raft log");
    }

    private static @Nullable Problem problemWith(
            @Nullable LogRecord record, byte[] file, int offset, LogPosition last) {
        long expected = last.index() + 1;
        if (record == null) {
            return new Problem(offset, expected, new BadRecord(file, offset, last).damage());
        }
        LogPosition found = record.position();
        if (found.index() != expected) {
            return new Problem(offset, expected, "entry " + found.index() + " stands where " + expected + " belongs");
        }
        if (found.term() < last.term()) {
            return new Problem(
                    offset, expected, "its term " + found.term() + " is older than " + last.term() + " before it");
        }
        return null;
    }
}
