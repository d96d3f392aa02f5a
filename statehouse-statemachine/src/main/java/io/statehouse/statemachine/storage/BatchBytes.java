package io.statehouse.statemachine.storage;

import io.statehouse.statemachine.StoreFailedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

/**
 * A unit as the bytes of a RocksDB write batch, so that it crosses into RocksDB once and not row by row.
 *
 * <p>The layout is that of RocksDB's own log records ({@code db/write_batch.cc}): a sequence number, which RocksDB sets, the
 * number of rows, and for each row a tag, its column family, key and value with their lengths. For one thread, one batch after
 * another.
 */
final class BatchBytes implements WriteUnit.Writer {
    private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
    private static final byte DELETE = 0x4;
    private static final byte PUT = 0x5;
    private static final int VARINT_BYTES_MAX = 5;
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MORE = 0x80;
    private static final int FIRST_BYTES = 1 << 12;

    /** More is not kept from one batch to the next. */
    private static final int KEPT_BYTES_MAX = 4 << 20;

    private final Map<Table, Integer> columnFamilies;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length = HEADER_BYTES;
    private int rows;

    /** @param columnFamilies RocksDB's number of each table */
    BatchBytes(Map<Table, Integer> columnFamilies) {
        this.columnFamilies = columnFamilies;
    }

    @Override
    public void put(Table table, byte[] key, byte[] value) {
        begin(PUT, table, (long) key.length + value.length);
        write(key);
        write(value);
    }

    @Override
    public void delete(Table table, byte[] key) {
        begin(DELETE, table, key.length);
        write(key);
    }

    /** Begins another batch, with no row. */
    void clear() {
        length = HEADER_BYTES;
        rows = 0;
        if (bytes.length > KEPT_BYTES_MAX) {
            bytes = new byte[FIRST_BYTES];
        }
    }

    /** The batch with all rows so far. */
    byte[] toBytes() {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0).putInt(rows);
        return Arrays.copyOf(bytes, length);
    }

    private void begin(byte tag, Table table, long rowBytes) {
        reserve(rowBytes + 1 + 3 * VARINT_BYTES_MAX);
        bytes[length++] = tag;
        Integer columnFamily = columnFamilies.get(table);
        if (columnFamily == null) {
            throw new IllegalStateException("no column family for table " + table);
        }
        writeVarint(columnFamily);
        rows++;
    }

    private void reserve(long more) {
        long needed = length + more;
        if (needed > Integer.MAX_VALUE - Long.BYTES) {
            throw new StoreFailedException("a unit of " + needed + " bytes is too large; this replica must stop");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int)
                    Math.max(needed, Math.min(2L * bytes.length, Integer.MAX_VALUE - Long.BYTES)));
        }
    }

    private void write(byte[] text) {
        writeVarint(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }

    private void writeVarint(int number) {
        int rest = number;
        while (rest >= VARINT_MORE) {
            bytes[length++] = (byte) (rest | VARINT_MORE);
            rest >>>= VARINT_BITS;
        }
        bytes[length++] = (byte) rest;
    }
}
