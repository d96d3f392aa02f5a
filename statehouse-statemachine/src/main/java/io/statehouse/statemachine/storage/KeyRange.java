package io.statehouse.statemachine.storage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keys from one, inclusive, to another, exclusive, in unsigned byte order; without a second one, to the end. */
public final class KeyRange {
    private static final KeyRange ALL = new KeyRange(new byte[0], null);

    private final byte[] from;
    private final byte @Nullable [] to;

    private KeyRange(byte[] from, byte @Nullable [] to) {
        this.from = from;
        this.to = to;
    }

    public static KeyRange all() {
        return ALL;
    }

    public static KeyRange between(byte[] from, byte @Nullable [] to) {
        return new KeyRange(from, to);
    }

    /** Every key that begins with a prefix. */
    public static KeyRange ofPrefix(byte[] prefix) {
        return new KeyRange(prefix, endOfPrefix(prefix));
    }

    /** The same range without what comes before a key. */
    public KeyRange startingAt(byte[] key) {
        return Arrays.compareUnsigned(key, from) > 0 ? new KeyRange(key, to) : this;
    }

    public byte[] from() {
        return from;
    }

    public byte @Nullable [] to() {
        return to;
    }

    boolean holds(byte[] key) {
        return !isBefore(key) && !isBeyond(key);
    }

    boolean isBefore(byte[] key) {
        return Arrays.compareUnsigned(key, from) < 0;
    }

    boolean isBeyond(byte[] key) {
        return to != null && Arrays.compareUnsigned(key, to) >= 0;
    }

    /** The smallest key above all keys with the prefix; null when there is none. */
    private static byte @Nullable [] endOfPrefix(byte[] prefix) {
        for (int last = prefix.length - 1; last >= 0; last--) {
            if (prefix[last] != (byte) 0xFF) {
                byte[] end = Arrays.copyOf(prefix, last + 1);
                end[last]++;
                return end;
            }
        }
        return null;
    }
}
