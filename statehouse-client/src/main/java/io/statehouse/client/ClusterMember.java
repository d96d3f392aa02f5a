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
 */
public record ClusterMember(
        String nodeId,
        String raftAddress,
        String apiAddress,
        MemberRole role,
        @Nullable Long lagEntries) {}
