package io.statehouse.statemachine;

import java.time.Duration;

/** Every bound of the core in one place. The same on every replica, or they would decide differently. */
public record Limits(
        int idBytesMax,
        int keyBytesMax,
        int valueBytesMax,
        int jsonDepthMax,
        int transactionOperationsMax,
        int transactionBytesMax,
        int conditionsMax,
        int readSetMax,
        int originBytesMax,
        Duration txnIdRetention) {
    /** The longest time to live; the same everywhere, so that a deadline is always a number. */
    public static final Duration TTL_MAX = Duration.ofDays(36_500);

    /** Whatever a policy says: what was the present less than this ago stays readable, for pages and watches under way. */
    public static final Duration RETENTION_GRACE = Duration.ofSeconds(10);

    /** How many namespaces may have a retention policy; all of them are looked at to see what is due. */
    public static final int RETENTION_NAMESPACES_MAX = 1_000;

    /** The most tokens a cluster keeps. */
    public static final int TOKENS_MAX = 1_000;

    /** The most grants a token has. */
    public static final int GRANTS_MAX = 16;

    public static final Limits DEFAULT =
            new Limits(1 << 10, 1 << 10, 1 << 20, 200, 1_000, 4 << 20, 1_000, 1_000, 8 << 10, Duration.ofHours(24));
}
