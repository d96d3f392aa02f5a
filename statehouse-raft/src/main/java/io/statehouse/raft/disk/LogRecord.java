package io.statehouse.raft.disk;

import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One record of a Ratis segment file: varint length, the entry, CRC-32C of both, big-endian.
 *
 * @param start offset of the length
 * @param end offset behind the checksum
 */
record LogRecord(int start, int end, LogPosition position) {
    static final int CRC_BYTES = 4;
    static final int VARINT_BYTES_MAX = 5;

    private static final int TERM_TAG = 1 << 3;
    private static final int INDEX_TAG = 2 << 3;
    private static final int LOW_BITS = 0x7F;
    private static final int BITS = 7;

    /** The length at an offset: how many bytes say it, and what they say. */
    record Length(int bytes, long value) {
        /** As Ratis writes it, in as few bytes as possible. */
        boolean isCanonical() {
            return value > 0
                    && value <= Integer.MAX_VALUE
                    && CodedOutputStream.computeUInt32SizeNoTag((int) value) == bytes;
        }

        /** Where a record that begins at an offset ends by this length. */
        long endFrom(int start) {
            return start + bytes + value + CRC_BYTES;
        }
    }

    /** Null when there is no end to the varint. */
    static @Nullable Length lengthAt(byte[] file, int offset) {
        long value = 0;
        for (int i = 0; i < VARINT_BYTES_MAX && offset + i < file.length; i++) {
            value |= (long) (file[offset + i] & LOW_BITS) << (BITS * i);
            if (file[offset + i] >= 0) {
                return new Length(i + 1, value);
            }
        }
        return null;
    }

    /** The record at an offset if it is whole and its checksum holds, else null. */
    static @Nullable LogRecord intactAt(byte[] file, int offset) {
        Length length = lengthAt(file, offset);
        if (length == null || !length.isCanonical() || length.endFrom(offset) > file.length) {
            return null;
        }
        int end = (int) length.endFrom(offset);
        if (crcOf(file, offset, end - CRC_BYTES) != crcAt(file, end)) {
            return null;
        }
        LogPosition position = positionAt(file, offset + length.bytes(), end - CRC_BYTES);
        return position == null ? null : new LogRecord(offset, end, position);
    }

    /** The entry itself. */
    ByteBuffer entryIn(byte[] file) {
        Length length = Objects.requireNonNull(lengthAt(file, start), "the record was read before");
        return ByteBuffer.wrap(file, start + length.bytes(), (int) length.value());
    }

    /** Term and index come first in an entry; null when the bytes are no entry. */
    static @Nullable LogPosition positionAt(byte[] file, int from, int to) {
        long term = 0;
        long index = 0;
        try {
            CodedInputStream in = CodedInputStream.newInstance(file, from, to - from);
            int tag = in.readTag();
            if (tag == TERM_TAG) {
                term = in.readUInt64();
                tag = in.readTag();
            }
            if (tag == INDEX_TAG) {
                index = in.readUInt64();
            }
            return new LogPosition(term, index);
        } catch (IOException e) {
            return null;
        }
    }

    static int crcOf(byte[] file, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(file, from, to - from);
        return (int) crc.getValue();
    }

    /** The checksum that ends before an offset. */
    static int crcAt(byte[] file, int end) {
        return ByteBuffer.wrap(file).getInt(end - CRC_BYTES);
    }
}
