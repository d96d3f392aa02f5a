package io.statehouse.raft;

import java.util.Collection;

/**
 * Who waits how long before it stands for election: the voters take turns, in the order of their names.
 *
 * <p>Two candidates at the same moment split the votes, and each waits a whole timeout more. Raft draws the timeouts at
 * random to make that rare; here each voter draws from a part of the range that is its own, with a gap to the next one, so
 * the survivors of a leader do not meet.
 */
public final class ElectionTurns {
    // Of a voter's part of the range, the middle half is drawn from: a vote fits into the gap.
    private static final double PART_BEGIN = 0.25;
    private static final double PART_USED = 0.5;

    private ElectionTurns() {}

    /**
     * How many others of those who may stand come before this one, by name.
     *
     * @param leader the one that fell silent and does not stand; empty when it is not known
     */
    public static int rank(String self, String leader, Collection<String> voters) {
        return (int) voters.stream()
                .filter(voter -> !voter.equals(leader) && voter.compareTo(self) < 0)
                .count();
    }

    /** How many take turns. */
    public static int turns(String leader, Collection<String> voters) {
        return (int) voters.stream().filter(voter -> !voter.equals(leader)).count();
    }

    /**
     * The silence after which the voter of this rank stands.
     *
     * @param turns how many take turns; at least 1
     * @param minMs the least timeout, milliseconds
     * @param maxMs the longest timeout, milliseconds
     * @param chance between 0 and 1: where in its part the voter's draw falls
     * @return milliseconds, from {@code minMs} to {@code maxMs}
     */
    public static long timeoutMs(int rank, int turns, long minMs, long maxMs, double chance) {
        double part = (double) (maxMs - minMs) / Math.max(1, turns);
        double turn = Math.min(rank, Math.max(0, turns - 1)) + PART_BEGIN + PART_USED * chance;
        return minMs + Math.round(part * turn);
    }
}
