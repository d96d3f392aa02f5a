package io.statehouse.statemachine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one hash of the core, over parts laid end to end. */
public final class Sha256 {
    public static final int BYTES = 32;

    /** Used again for every hash: asking the provider each time costs more than hashing something short. */
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::copy);

    private static final MessageDigest PROTOTYPE = prototype();

    private Sha256() {}

    public static byte[] of(byte[]... parts) {
        MessageDigest digest = DIGEST.get();
        // What an earlier call left that did not come to its end.
        digest.reset();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    private static MessageDigest copy() {
        try {
            return (MessageDigest) PROTOTYPE.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java's SHA-256 cannot be cloned", e);
        }
    }

    private static MessageDigest prototype() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
