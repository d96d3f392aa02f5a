package io.statehouse.node.service;

import java.time.Duration;

/**
 * Who calls, and until when an answer is worth having.
 *
 * @param authority who has proved to be whom
 * @param hop how far the call may still travel
 * @param deadlineNanos in terms of {@link System#nanoTime}
 */
public record Caller(Authority authority, Hop hop, long deadlineNanos) {
    /** How far a call may still travel. */
    public enum Hop {
        /** From a client that knows this node only. */
        FREE,
        /** From a client that follows the leader by itself and wants to be told who it is. */
        LEADER_AWARE,
        /** From another node, because the transaction it is about lives here; the leader may still be asked. */
        AT_HOME,
        /** From another node, because this one led: it ends here. */
        AT_LEADER
    }

    /** Whether this node may ask the leader on the caller's behalf. */
    public boolean mayForward() {
        return hop == Hop.FREE || hop == Hop.AT_HOME;
    }

    /** Whether this node may ask the home of a transaction on the caller's behalf. */
    public boolean mayGoHome() {
        return hop == Hop.FREE || hop == Hop.LEADER_AWARE;
    }

    /** Whether another node speaks for the caller and counts the call. */
    public boolean isAtLeader() {
        return hop == Hop.AT_LEADER;
    }

    /** Whether nobody waits for the answer any more. */
    public boolean isLate() {
        return deadlineNanos - System.nanoTime() <= 0;
    }

    /** What is left of the deadline; at least a millisecond, so that a late call fails where it waits. */
    public Duration timeLeft() {
        Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
        return left.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : left;
    }
}
