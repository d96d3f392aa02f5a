package io.statehouse.cluster.bench.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes one protobuf message, field by field in the order of the calls. */
final class ProtoWriter {
    private static final int WIRE_TYPE_BITS = 3;
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int GROUP_BITS = 7;
    private static final int GROUP_MASK = 0x7F;
    private static final int MORE = 0x80;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtoWriter number(int field, long value) {
        varint(((long) field << WIRE_TYPE_BITS) | VARINT);
        varint(value);
        return this;
    }

    ProtoWriter bytes(int field, byte[] value) {
        varint(((long) field << WIRE_TYPE_BITS) | LENGTH_DELIMITED);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    ProtoWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~GROUP_MASK) != 0) {
            out.write((int) ((rest & GROUP_MASK) | MORE));
            rest >>>= GROUP_BITS;
        }
        out.write((int) rest);
    }
}
