package io.statehouse.raft.disk;

import io.statehouse.raft.disk.LogRecord.Length;
import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells a record that a crash cut short from one that was whole and rotted.
 *
 * <p>Both look the same to a checksum, and must not be treated the same: the first was never acknowledged, because the
 * acknowledgement waits for the fsync; the second may be the only thing that is left of an acknowledged commit. A crash
 * leaves traces of its own: Ratis fills segments with zeros before it writes to them, so what a crash kept from the disk
 * is zero, from some byte to the end of the file, or in whole sectors. Rot flips bits. And rot in a length leaves the
 * record intact behind it, only not where the length says.
 */
final class BadRecord {
    /** What disks write as a whole; pages and file system blocks are multiples of it. */
    static final int SECTOR_BYTES = 512;

    private static final int ENTRY_BYTES_MAX = 64 << 20;
    private static final long INDEX_AHEAD_MAX = 1 << 20;

    private final byte[] file;
    private final int start;
    private final LogPosition before;
    private final int zerosFrom;

    /**
     * @param start where a whole record should begin
     * @param before the position of the record that ends there
     */
    BadRecord(byte[] file, int start, LogPosition before) {
        this.file = file;
        this.start = start;
        this.before = before;
        this.zerosFrom = zerosFrom(file, start);
    }

    /** Where the zeros begin that fill the file to its end. */
    static int zerosFrom(byte[] file, int start) {
        int from = file.length;
        while (from > start && file[from - 1] == 0) {
            from--;
        }
        return from;
    }

    /** Why this record was damaged after it was whole; null when a crash explains it. */
    @Nullable
    String damage() {
        LogRecord behind = intactRecordBehind();
        if (behind != null) {
            return "an intact entry " + behind.position().index() + " follows at offset " + behind.start();
        }
        Length length = LogRecord.lengthAt(file, start);
        Length actual = lengthThatFits();
        if (actual != null) {
            return "its length says " + (length == null ? "nothing" : length.value()) + " and its checksum holds for "
                    + actual.value();
        }
        return isCutShort(length) ? null : "no part of it is missing, and its checksum does not match";
    }

    /** How many bytes a cut at the start would take away. */
    int bytes() {
        return zerosFrom - start;
    }

    private @Nullable LogRecord intactRecordBehind() {
        for (int offset = start + 1; offset < zerosFrom; offset++) {
            if (mayBeginEntry(offset)) {
                LogRecord record = LogRecord.intactAt(file, offset);
                if (record != null) {
                    return record;
                }
            }
        }
        return null;
    }

    /** Cheap: keeps the checksums of all conceivable records from being computed. */
    private boolean mayBeginEntry(int offset) {
        Length length = LogRecord.lengthAt(file, offset);
        if (length == null || !length.isCanonical() || length.endFrom(offset) > file.length) {
            return false;
        }
        int from = offset + length.bytes();
        LogPosition position = LogRecord.positionAt(file, from, (int) (from + length.value()));
        return position != null
                && position.term() >= before.term()
                && position.index() > before.index() + 1
                && position.index() <= before.index() + INDEX_AHEAD_MAX;
    }

    /** The length with which this is a whole record that ends the file; at most four zeros can belong to its checksum. */
    private @Nullable Length lengthThatFits() {
        int latest = Math.min(file.length, zerosFrom + LogRecord.CRC_BYTES);
        for (int end = zerosFrom; end <= latest; end++) {
            for (int bytes = 1; bytes <= LogRecord.VARINT_BYTES_MAX; bytes++) {
                Length length = new Length(bytes, (long) end - LogRecord.CRC_BYTES - start - bytes);
                if (length.isCanonical() && fits(length, end)) {
                    return length;
                }
            }
        }
        return null;
    }

    private boolean fits(Length length, int end) {
        byte[] record = new byte[end - start];
        System.arraycopy(file, start, record, 0, record.length);
        writeLength(record, length);
        return LogRecord.crcOf(record, 0, record.length - LogRecord.CRC_BYTES) == LogRecord.crcAt(file, end);
    }

    private static void writeLength(byte[] record, Length length) {
        try {
            CodedOutputStream.newInstance(record, 0, length.bytes()).writeUInt32NoTag((int) length.value());
        } catch (IOException e) {
            throw new IllegalStateException("a canonical length fits its bytes", e);
        }
    }

    private boolean isCutShort(@Nullable Length length) {
        if (file[start] == 0) {
            // The sector in which it begins never arrived, later ones did.
            return firstNonZero() >= sectorEnd(start);
        }
        if (length == null || !length.isCanonical()) {
            int lengthEnd = start + (length == null ? LogRecord.VARINT_BYTES_MAX : length.bytes());
            return lengthEnd > file.length || lengthEnd > zerosFrom;
        }
        long end = length.endFrom(start);
        if (end > file.length) {
            return length.value() <= ENTRY_BYTES_MAX;
        }
        return isZeroToTheEnd((int) end) || hasMissingSector((int) end);
    }

    /** Its last bytes are zeros, and so is everything behind it. */
    private boolean isZeroToTheEnd(int end) {
        int crcFrom = end - LogRecord.CRC_BYTES;
        return zerosFrom <= crcFrom || (zerosFrom < end && isCutInChecksum(end, sectorEnd(zerosFrom - 1)));
    }

    /** The body is there, so the part of the checksum before the cut has to be right. */
    private boolean isCutInChecksum(int end, int cut) {
        int crcFrom = end - LogRecord.CRC_BYTES;
        if (cut <= crcFrom || cut >= end) {
            return false;
        }
        int lostBits = (end - cut) * Byte.SIZE;
        return LogRecord.crcOf(file, start, crcFrom) >>> lostBits == LogRecord.crcAt(file, end) >>> lostBits;
    }

    private boolean hasMissingSector(int end) {
        int crcFrom = end - LogRecord.CRC_BYTES;
        for (int from = sectorEnd(start); from < end; from += SECTOR_BYTES) {
            if (isZeroSector(from) && (from <= crcFrom || isCutInChecksum(end, from))) {
                return true;
            }
        }
        return false;
    }

    private boolean isZeroSector(int from) {
        int to = Math.min(from + SECTOR_BYTES, file.length);
        for (int i = from; i < to; i++) {
            if (file[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private int firstNonZero() {
        int at = start;
        while (at < file.length && file[at] == 0) {
            at++;
        }
        return at;
    }

    /** The first sector border behind an offset. */
    private static int sectorEnd(int offset) {
        return (offset / SECTOR_BYTES + 1) * SECTOR_BYTES;
    }
}
