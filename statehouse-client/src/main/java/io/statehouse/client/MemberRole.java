package io.statehouse.client;

/** What a member does in the cluster at the moment. */
public enum MemberRole {
    /** Decides the order of writes. */
    LEADER,
    /** Follows, votes, and may become leader. */
    FOLLOWER,
    /** Asks for votes. */
    CANDIDATE,
    /** Follows without a vote. */
    LISTENER,
    /** Is being copied to, and becomes a voter when it has caught up. */
    JOINING,
    /** Not known to the node that answered. */
    UNKNOWN
}
