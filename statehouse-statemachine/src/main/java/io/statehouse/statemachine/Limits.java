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

    /** How many namespaces may have a quota; all of them are looked at to see what is to be counted. */
    public static final int QUOTA_NAMESPACES_MAX = 1_000;

    /** The name of the bound that a quota puts on the bytes of a namespace. */
    public static final String BYTES_QUOTA = "quotaBytes";

    /** The name of the bound that a quota puts on the agents of a namespace. */
    public static final String AGENTS_QUOTA = "quotaAgents";

    /** The most tokens a cluster keeps. */
    public static final int TOKENS_MAX = 1_000;

    /** The most grants a token has. */
    public static final int GRANTS_MAX = 16;

    /**
     * What the edits of one transaction may cost where they are applied, in bytes: for each edit those of the value before and
     * after and of the argument, and for each step of a patch those of the value as it is by then.
     */
    public static final long EDIT_WORK_BYTES_MAX = 32L << 20;

    /**
     * The same for all transactions of one log entry together: a small edit of a large value makes a large value, and an entry is
     * written in one piece. Only those who together edit megabytes in the same moment ever reach it.
     */
    public static final long ENTRY_EDIT_WORK_BYTES_MAX = 64L << 20;

    /** The name of that bound; whom it refuses may ask again as soon as there is another entry. */
    public static final String ENTRY_EDIT_WORK = "entryEditWorkBytesMax";

    /** The most digits, before and after the point together, of a number that is added or added to: written out it is still a number. */
    public static final int DECIMAL_DIGITS_MAX = 990;

    public static final Limits DEFAULT =
            new Limits(1 << 10, 1 << 10, 1 << 20, 200, 1_000, 4 << 20, 1_000, 1_000, 8 << 10, Duration.ofHours(24));
}
