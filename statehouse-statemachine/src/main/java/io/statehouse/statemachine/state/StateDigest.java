package io.statehouse.statemachine.state;

import io.statehouse.statemachine.Sha256;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Order-independent hash of a set of rows: the sum of their hashes modulo 2^128. Equal on equal replicas, and kept up to date
 * by one addition per row.
 */
public record StateDigest(long high, long low) {
    public static final StateDigest EMPTY = new StateDigest(0, 0);
    public static final int BYTES = 16;

    public static StateDigest ofBytes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new StateDigest(buffer.getLong(), buffer.getLong());
    }

    /** This digest with one more row, given in parts. */
    public StateDigest plus(byte[]... row) {
        return plus(ofBytes(Sha256.of(row)));
    }

    /** The digest of the rows of both. */
    public StateDigest plus(StateDigest added) {
        long sum = low + added.low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new StateDigest(high + added.high + carry, sum);
    }

    /** The 128 bits as hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }
}
