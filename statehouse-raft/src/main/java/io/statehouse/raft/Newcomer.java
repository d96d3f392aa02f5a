package io.statehouse.raft;

/**
 * A node that the leader lets in: it is copied to, and has no vote until it has caught up.
 *
 * @param lagEntries log entries that it does not hold yet
 * @param copiedBytes of the snapshot that it is sent at the moment; 0 when it is sent none
 * @param copyBytes how large that snapshot is; 0 when it is sent none
 */
public record Newcomer(Member member, long lagEntries, long copiedBytes, long copyBytes) {}
