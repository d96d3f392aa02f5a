package io.statehouse.client;

import java.time.Duration;

/**
 * How an effect is claimed, and what happens when it fails or its claimer dies.
 *
 * @param claim how long after its last sign of life a claimer is held to be dead; signs are sent while the effect is being done
 * @param attemptsMax how often the effect is tried in all, when it fails
 * @param retryAfter how long after its first failure it may be tried again; twice as long after each further one, at most an hour
 * @param isRepeatable whether it harms nobody when it happens twice: then it is granted once more when its claimer died, instead of
 *     being {@link ToolException.Reason#AMBIGUOUS}
 */
public record ToolOptions(Duration claim, int attemptsMax, Duration retryAfter, boolean isRepeatable) {
    private static final int ATTEMPTS_MAX = 1_000;
    private static final Duration RETRY_AFTER_MAX = Duration.ofHours(1);

    /** A claim of 30 seconds, one attempt, and nothing is repeated. */
    public static final ToolOptions DEFAULT = new ToolOptions(Duration.ofSeconds(30), 1, Duration.ZERO, false);

    public ToolOptions {
        if (claim.toMillis() < 1) {
            throw new IllegalArgumentException("claim is " + claim + "; it must be a millisecond or more");
        }
        if (attemptsMax < 1 || attemptsMax > ATTEMPTS_MAX) {
            throw new IllegalArgumentException("attemptsMax is " + attemptsMax + "; it must be 1 to " + ATTEMPTS_MAX);
        }
        if (retryAfter.isNegative() || retryAfter.compareTo(RETRY_AFTER_MAX) > 0) {
            throw new IllegalArgumentException("retryAfter is " + retryAfter + "; it must be 0 to " + RETRY_AFTER_MAX);
        }
    }

    /** These with another claim. */
    public ToolOptions claim(Duration changed) {
        return new ToolOptions(changed, attemptsMax, retryAfter, isRepeatable);
    }

    /** These with more attempts. */
    public ToolOptions attempts(int max, Duration after) {
        return new ToolOptions(claim, max, after, isRepeatable);
    }

    /** These for an effect that may happen twice. */
    public ToolOptions repeatable() {
        return new ToolOptions(claim, attemptsMax, retryAfter, true);
    }

    /** How long to wait after a failed attempt, counted from 1. */
    Duration waitAfter(long attempt) {
        Duration wait = retryAfter;
        for (long doubled = 1; doubled < attempt && wait.compareTo(RETRY_AFTER_MAX) < 0; doubled++) {
            wait = wait.multipliedBy(2);
            if (wait.isZero()) {
                return wait;
            }
        }
        return wait.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : wait;
    }
}
