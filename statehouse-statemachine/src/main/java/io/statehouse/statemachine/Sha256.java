package io.statehouse.statemachine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one hash of the core, over parts laid end to end. */
public final class Sha256 {
    public static final int BYTES = 32;

    /** Used again for every hash: asking the provider each time costs more than hashing something short. */
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::newDigest);

    private Sha256() {}

    public static byte[] of(byte[]... parts) {
        MessageDigest digest = DIGEST.get();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
