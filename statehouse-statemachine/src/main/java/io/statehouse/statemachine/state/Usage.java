package io.statehouse.statemachine.state;

import io.statehouse.statemachine.Quota;
import java.util.Arrays;

/**
 * What a namespace with a quota takes, as far as it has been counted.
 *
 * @param bytes of the keys and values counted
 * @param agents counted
 * @param countedTo the row of the last key counted; later keys are not in the numbers yet
 * @param isCounted whether all keys are: only then the quota binds
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a record; the row is a key that nobody changes
public record Usage(Quota quota, long bytes, long agents, byte[] countedTo, boolean isCounted) {
    private static final byte[] NOTHING = new byte[0];

    /** A namespace whose keys are still to be counted. */
    public static Usage uncounted(Quota quota) {
        return new Usage(quota, 0, 0, NOTHING, false);
    }

    /** A namespace that nobody has bounded. */
    public static Usage unbounded() {
        return new Usage(Quota.NONE, 0, 0, NOTHING, true);
    }

    /** The same under another quota. */
    public Usage under(Quota other) {
        return new Usage(other, bytes, agents, countedTo, isCounted);
    }

    /** Whether the numbers hold what lies at a row. */
    public boolean holds(byte[] row) {
        return isCounted || Arrays.compareUnsigned(row, countedTo) <= 0;
    }

    /** The same with more of it. */
    public Usage plus(long moreBytes, long moreAgents) {
        return new Usage(quota, bytes + moreBytes, agents + moreAgents, countedTo, isCounted);
    }

    /** The same, counted further; to the end when that is over. */
    public Usage countedTo(byte[] row, boolean isOver) {
        return new Usage(quota, bytes, agents, row, isOver);
    }
}
