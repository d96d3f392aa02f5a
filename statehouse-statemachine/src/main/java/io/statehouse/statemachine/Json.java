package io.statehouse.statemachine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A JSON value as the UTF-8 text it was written with; kept and returned byte for byte. */
public final class Json {
    private final byte[] utf8;

    /** Computed at the first request: fingerprint, commitment and digest all need it, and a value may be large. */
    private @Nullable Hash hash;

    private Json(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** Wraps text that is known to be one JSON value; the array is not copied and must not change. */
    public static Json ofTrusted(byte[] utf8) {
        return new Json(utf8);
    }

    /** The text itself, not a copy. Do not change it. */
    public byte[] utf8() {
        return utf8;
    }

    /** SHA-256 of the text. Do not change it. */
    public byte[] sha256() {
        Hash known = hash;
        if (known == null) {
            known = new Hash(Sha256.of(utf8));
            hash = known;
        }
        return known.bytes;
    }

    public int length() {
        return utf8.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && Arrays.equals(utf8, json.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Final, so that a thread that sees the object sees the bytes. */
    private static final class Hash {
        private final byte[] bytes;

        Hash(byte[] bytes) {
            this.bytes = bytes;
        }
    }
}
