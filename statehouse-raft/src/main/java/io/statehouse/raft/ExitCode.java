package io.statehouse.raft;

/** Why the process of a member ended, as the number its supervisor sees. */
public enum ExitCode {
    OK(0),
    BAD_CONFIGURATION(64),
    /** The data directory belongs to another node or cluster, or may not start a new one. */
    IDENTITY_REFUSED(65),
    /** The Raft log does not hold what it must. */
    LOG_DAMAGED(66),
    /** What this member voted, or who its cluster is, cannot be read back. */
    METADATA_DAMAGED(67),
    /** A backup is damaged, incomplete or none. */
    BACKUP_REFUSED(68),
    /** The cluster has removed this member. */
    REMOVED(69),
    /** An audit is not as it was written; only its proof ends so. */
    AUDIT_DAMAGED(70),
    /** The disk refused to read, write or keep. */
    STORAGE_FAILED(75),
    /** Apply failed, diverged, or met an entry it does not know. */
    STATE_UNTRUSTED(76),
    /** The process ran, and its replica did not. */
    ZOMBIE(77),
    /** Another process uses the data directory or the port. */
    ALREADY_RUNNING(78);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
