package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.RetentionPolicy;

/**
 * What retention has come to in one namespace.
 *
 * @param floor the oldest commit as of which the namespace can be read; 0 = all of them
 * @param cut up to where whatever a later commit has superseded is gone, by age or by count
 * @param seen up to where commits were looked at, to be counted and for the versions that they push out
 */
public record Retained(RetentionPolicy policy, CommitTs floor, Mark cut, Mark seen) {
    /** A namespace that never had a policy. */
    public static final Retained ALL = new Retained(RetentionPolicy.NONE, CommitTs.ZERO, Mark.START, Mark.START);

    /**
     * A commit of the namespace.
     *
     * @param commits how many the namespace has up to there
     * @param nextWallMillis wall time of the next one; 0 = not known
     */
    public record Mark(CommitTs at, long commits, long nextWallMillis) {
        static final Mark START = new Mark(CommitTs.ZERO, 0, 0);

        private Mark next(CommitTs next) {
            return new Mark(next, commits + 1, 0);
        }

        private Mark before(long wallMillis) {
            return new Mark(at, commits, wallMillis);
        }
    }

    /** Under another policy all commits are looked at anew; the floor stays where it is. */
    public Retained under(RetentionPolicy other) {
        return other.equals(policy) ? this : new Retained(other, floor, cut, Mark.START);
    }

    public Retained saw(CommitTs at) {
        return new Retained(policy, floor, cut, seen.next(at));
    }

    /** The next commit to be looked at was made at a wall time. */
    public Retained seesNext(long wallMillis) {
        return new Retained(policy, floor, cut, seen.before(wallMillis));
    }

    public Retained cutAt(CommitTs at) {
        return new Retained(policy, floor, cut.next(at), seen);
    }

    /** The next commit to be cut at was made at a wall time. */
    public Retained cutsNext(long wallMillis) {
        return new Retained(policy, floor, cut.before(wallMillis), seen);
    }

    /** The floor never falls. */
    public Retained from(CommitTs oldest) {
        return oldest.isAfter(floor) ? new Retained(policy, oldest, cut, seen) : this;
    }

    /** Whether a commit that was made at a wall time may be looked at by now. */
    public boolean looksAt(long wallMillis, long nowMillis) {
        return policy.isCounting() && wallMillis <= nowMillis - Limits.RETENTION_GRACE.toMillis();
    }

    /** Whether a rule lets go of what a commit has superseded that follows the cut and was made at a wall time. */
    public boolean letsGo(long wallMillis, long nowMillis) {
        long ageMillis = Math.max(policy.maxAgeMillis(), Limits.RETENTION_GRACE.toMillis());
        return isOverCount() || (policy.maxAgeMillis() > 0 && wallMillis <= nowMillis - ageMillis);
    }

    /** Whether more commits that were looked at follow the cut than are kept. The one that is cut at stays readable. */
    private boolean isOverCount() {
        return policy.maxCommits() > 0 && seen.commits() - cut.commits() >= policy.maxCommits();
    }
}
