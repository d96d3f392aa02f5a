package io.statehouse.statemachine;

/**
 * How much of its past a namespace keeps. Every rule lets go by itself; 0 = there is no such rule.
 *
 * @param maxAgeMillis the state as of every moment that is not longer ago than this stays readable
 * @param maxCommits the state as of so many of the namespace's last commits stays readable
 * @param keepVersions so many of a key's last versions stay
 */
public record RetentionPolicy(long maxAgeMillis, long maxCommits, long keepVersions) {
    /** Everything stays. */
    public static final RetentionPolicy NONE = new RetentionPolicy(0, 0, 0);

    /** Whether it depends on how many commits or versions there are, so that each commit has to be looked at. */
    public boolean isCounting() {
        return maxCommits > 0 || keepVersions > 0;
    }
}
