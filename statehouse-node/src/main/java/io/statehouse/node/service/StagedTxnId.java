package io.statehouse.node.service;

import io.statehouse.statemachine.TxnId;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of a staged transaction: a time-ordered UUID, {@code @}, and the node it lives on. */
public final class StagedTxnId {
    private static final Pattern SHAPE =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}@(?<home>.+)");
    private static final int RANDOM_A_BITS = 12;
    private static final int MILLIS_SHIFT = 16;
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;

    private StagedTxnId() {}

    static TxnId make(long wallMillis, RandomGenerator random, String home) {
        long high = (wallMillis << MILLIS_SHIFT) | VERSION_7 | (random.nextLong() >>> (Long.SIZE - RANDOM_A_BITS));
        long low = (random.nextLong() & VARIANT_MASK) | VARIANT;
        return new TxnId(new UUID(high, low) + "@" + home);
    }

    /** The node a staged transaction lives on; null when the id is not that of a staged transaction. */
    public static @Nullable String homeOf(String id) {
        Matcher matcher = SHAPE.matcher(id);
        return matcher.matches() ? matcher.group("home") : null;
    }
}
