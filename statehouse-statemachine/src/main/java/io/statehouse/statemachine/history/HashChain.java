package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.codec.KeyCodec;
import java.util.Arrays;

/** Tamper evidence: each commit's hash covers its event and, through the hash before it, all earlier ones. */
public final class HashChain {
    private static final int SALT_BYTES = 16;

    private HashChain() {}

    public static byte[] next(byte[] before, byte[] event) {
        return Sha256.of(before, event);
    }

    /** The salt of one commit's value commitments; knowing it tells nothing about the salts of its batch's others. */
    public static byte[] salt(byte[] batchSalt, CommitTs commitTs) {
        return Arrays.copyOf(Sha256.of(batchSalt, KeyCodec.ofNumber(commitTs.value())), SALT_BYTES);
    }
}
