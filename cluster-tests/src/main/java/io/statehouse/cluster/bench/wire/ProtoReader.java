package io.statehouse.cluster.bench.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Reads one protobuf message field by field: {@link #next}, then {@link #number} or {@link #message} or {@link #skip}.
 *
 * <p>What is cut short is a {@link BufferUnderflowException}.
 */
final class ProtoReader {
    private static final int WIRE_TYPE_BITS = 3;
    private static final int WIRE_TYPE_MASK = 7;
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FOUR_BYTES = 5;
    private static final int GROUP_BITS = 7;
    private static final int GROUP_MASK = 0x7F;

    private final ByteBuffer in;
    private int wireType;

    ProtoReader(ByteBuffer in) {
        this.in = in;
    }

    /** The number of the next field; 0 at the end. */
    int next() {
        if (!in.hasRemaining()) {
            return 0;
        }
        long tag = varint();
        wireType = (int) (tag & WIRE_TYPE_MASK);
        return (int) (tag >>> WIRE_TYPE_BITS);
    }

    long number() {
        require(VARINT);
        return varint();
    }

    /** The bytes of the field, which may be a message. */
    ByteBuffer message() {
        require(LENGTH_DELIMITED);
        return slice(varint());
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case EIGHT_BYTES -> slice(Long.BYTES);
            case LENGTH_DELIMITED -> slice(varint());
            case FOUR_BYTES -> slice(Integer.BYTES);
            default -> throw new IllegalArgumentException("a field of wire type " + wireType);
        }
    }

    private ByteBuffer slice(long bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer slice = in.slice(in.position(), (int) bytes);
        in.position(in.position() + (int) bytes);
        return slice;
    }

    private void require(int expected) {
        if (wireType != expected) {
            throw new IllegalArgumentException("a field of wire type " + wireType + " where " + expected + " belongs");
        }
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += GROUP_BITS) {
            byte group = in.get();
            value |= (long) (group & GROUP_MASK) << shift;
            if (group >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }
}
