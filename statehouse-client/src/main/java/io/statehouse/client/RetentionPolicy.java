package io.statehouse.client;

import java.time.Duration;

/**
 * How much of its past a namespace keeps. Every rule lets go by itself. Whatever they say, what was the present in the last
 * ten seconds stays readable, and so does the newest version of every key.
 *
 * @param maxAge what was readable as of every moment that is not longer ago stays so; milliseconds count; zero = no such rule
 * @param maxCommits what was readable as of so many of the namespace's last commits stays so; 0 = no such rule
 * @param keepVersions so many of each key's last versions stay; 0 = no such rule
 */
public record RetentionPolicy(Duration maxAge, long maxCommits, long keepVersions) {
    /** Everything stays. */
    public static final RetentionPolicy NONE = new RetentionPolicy(Duration.ZERO, 0, 0);

    /** Checks that no rule is negative. */
    public RetentionPolicy {
        if (maxAge.isNegative() || maxCommits < 0 || keepVersions < 0) {
            throw new IllegalArgumentException(
                    "a rule is negative: " + maxAge + ", " + maxCommits + " commits, " + keepVersions + " versions");
        }
    }

    /** The same with a rule by age. */
    public RetentionPolicy maxAge(Duration age) {
        return new RetentionPolicy(age, maxCommits, keepVersions);
    }

    /** The same with a rule by the number of the namespace's commits. */
    public RetentionPolicy maxCommits(long commits) {
        return new RetentionPolicy(maxAge, commits, keepVersions);
    }

    /** The same with a rule by the number of each key's versions. */
    public RetentionPolicy keepVersions(long versions) {
        return new RetentionPolicy(maxAge, maxCommits, versions);
    }
}
