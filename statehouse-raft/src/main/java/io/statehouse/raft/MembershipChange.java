package io.statehouse.raft;

/** A change of who belongs to the cluster. Each can be asked for again until it is done. */
public sealed interface MembershipChange {
    /** A node that waits to be let in takes the place of a voter, in one step: there is no moment with both or neither. */
    record Replace(String memberId, Member successor) implements MembershipChange {}

    /** A node that waits to be let in becomes a voter beside the others. */
    record Add(Member newcomer) implements MembershipChange {}

    /** A voter belongs to the cluster no more; a process it may still have stops. */
    record Remove(String memberId) implements MembershipChange {}
}
