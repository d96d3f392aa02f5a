package io.statehouse.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: a pure function of the tries so far and a source of chance.
 *
 * <p>The wait before round {@code n} is drawn evenly from the upper half of {@code initialDelay * 2^n}, at most
 * {@code maxDelay}; so clients that failed together do not come back together.
 *
 * @param initialDelay the longest first wait
 * @param maxDelay the longest wait
 * @param triesMax tries of one call, whatever time is left
 * @param conflictTriesMax how often {@link StatehouseClient#transact} runs its body before a conflict is the caller's
 */
public record RetryPolicy(Duration initialDelay, Duration maxDelay, int triesMax, int conflictTriesMax) {
    /** 10 ms growing to 250 ms; 500 tries of a call, 10 of a transaction's body. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(Duration.ofMillis(10), Duration.ofMillis(250), 500, 10);

    /** One try of everything. */
    public static final RetryPolicy NONE = new RetryPolicy(Duration.ofMillis(10), Duration.ofMillis(250), 1, 1);

    // Doubling further would leave the range of a long; maxDelay cuts long before.
    private static final int DOUBLINGS_MAX = 30;

    /** Checks that delays are positive and in order, and that there is at least one try. */
    public RetryPolicy {
        if (initialDelay.isNegative() || initialDelay.isZero() || maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException("retry delays must be positive, and initialDelay at most maxDelay");
        }
        if (triesMax < 1 || conflictTriesMax < 1) {
            throw new IllegalArgumentException("triesMax and conflictTriesMax must be at least 1");
        }
    }

    /** The wait before the try that follows {@code round} failed rounds, counted from 0. */
    public Duration delay(int round, RandomGenerator chance) {
        long doubled = initialDelay.toNanos() << Math.min(Math.max(round, 0), DOUBLINGS_MAX);
        long longest = doubled <= 0 ? maxDelay.toNanos() : Math.min(doubled, maxDelay.toNanos());
        return Duration.ofNanos(longest - chance.nextLong(longest / 2 + 1));
    }
}
