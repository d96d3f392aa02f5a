package io.statehouse.statemachine;

/**
 * The one number: position of a commit in the whole store, counted by one from 1; 0 is before the first commit.
 *
 * <p>It is the reply's position, the read-your-writes token, the resume token of a watch, the coordinate of time travel and
 * the cursor of a replay.
 */
public record CommitTs(long value) implements Comparable<CommitTs> {
    public static final CommitTs ZERO = new CommitTs(0);

    public CommitTs {
        if (value < 0) {
            throw new IllegalArgumentException("commit_ts is negative: " + value);
        }
    }

    public CommitTs next() {
        return new CommitTs(value + 1);
    }

    public boolean isAfter(CommitTs other) {
        return value > other.value;
    }

    @Override
    public int compareTo(CommitTs other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
