package io.statehouse.raft;

import org.jspecify.annotations.Nullable;

/** Why the replicated log could not do what was asked: the things a caller must tell apart. */
public abstract sealed class LogException extends RuntimeException {
    private LogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Another member leads; nothing was proposed. */
    public static final class NotLeader extends LogException {
        private final @Nullable Member leader;

        public NotLeader(@Nullable Member leader) {
            super(leader == null ? "no leader is known" : "the leader is " + leader.id(), null);
            this.leader = leader;
        }

        /** The leader as far as it is known here. */
        public @Nullable Member leader() {
            return leader;
        }
    }

    /** Nothing was proposed, and trying again later may help: no quorum, not caught up, or too much under way. */
    public static final class Unavailable extends LogException {
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** As many commands wait as may; nothing was proposed, and later there may be room. */
    public static final class QueueFull extends LogException {
        private final long bytesMax;
        private final long bytes;

        public QueueFull(long bytesMax, long bytes) {
            super("the leader's queue is full: " + bytes + " of " + bytesMax + " bytes wait", null);
            this.bytesMax = bytesMax;
            this.bytes = bytes;
        }

        public long bytesMax() {
            return bytesMax;
        }

        /** How many would wait with the command. */
        public long bytes() {
            return bytes;
        }
    }

    /** The command was handed to replication and its fate is not known; ask for its transaction id. */
    public static final class OutcomeUnknown extends LogException {
        public OutcomeUnknown(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The command is of a feature level that not all members know; nothing was proposed. */
    public static final class TooNew extends LogException {
        private final int needed;

        public TooNew(int needed, int inForce) {
            super(
                    "this needs feature level " + needed + ", and the cluster uses " + inForce
                            + " until every member runs a release that knows more",
                    null);
            this.needed = needed;
        }

        /** The level that must be in force. */
        public int needed() {
            return needed;
        }
    }

    /** The members cannot be changed as asked: it would be unsafe, or there is no such node. Nothing was changed. */
    public static final class ChangeRefused extends LogException {
        private final Reason reason;

        public ChangeRefused(Reason reason, String message) {
            super(message, null);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    /** Why a change of the members was refused, for programs. */
    public enum Reason {
        /** Nobody answers where the newcomer should be. */
        UNREACHABLE,
        /** The newcomer's directory is of another cluster. */
        OTHER_CLUSTER,
        /** Another node answers at the newcomer's address. */
        OTHER_NODE,
        /** The newcomer's directory is of a member that was removed. */
        USED_DIRECTORY,
        /** The newcomer's release does not know what the log may hold. */
        OLD_VERSION,
        /** Another change is under way. */
        IN_PROGRESS,
        /** The cluster could not work afterwards. */
        NO_MAJORITY,
        NO_SUCH_MEMBER,
        NAME_TAKEN,
        ADDRESS_TAKEN,
        /** The log has one member for ever. */
        NOT_A_CLUSTER
    }

    /** Files of the state were asked for, and there are none. */
    public static final class NoFiles extends LogException {
        public NoFiles(String message) {
            super(message, null);
        }
    }
}
