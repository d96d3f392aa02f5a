package io.statehouse.client;

import org.jspecify.annotations.Nullable;

/**
 * A member as the answering node knows it.
 *
 * @param nodeId its name
 * @param raftAddress where the other members reach it
 * @param apiAddress where clients reach it
 * @param role what it does
 * @param lagEntries log entries it has not acknowledged; null unless the leader answers
 * @param copiedBytes of the snapshot that a joining node is sent at the moment; 0 = it is sent none
 * @param copyBytes how large that snapshot is; 0 = there is none
 */
public record ClusterMember(
        String nodeId,
        String raftAddress,
        String apiAddress,
        MemberRole role,
        @Nullable Long lagEntries,
        long copiedBytes,
        long copyBytes) {}
