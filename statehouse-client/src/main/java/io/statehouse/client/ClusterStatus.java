package io.statehouse.client;

import java.util.List;

/**
 * The cluster as one node sees it.
 *
 * @param clusterId the cluster
 * @param nodeId the node that answered
 * @param role what it does
 * @param term the election term it is in
 * @param leaderId the leader it knows; "" = none
 * @param appliedCommitTs the last commit it has applied
 * @param durableCommitTs the last commit a crash of it would keep without the replicated log
 * @param applyLagEntries log entries it knows committed and has not applied
 * @param members all members it knows
 * @param version its release
 * @param featureLevel what the cluster uses of what releases have added; 0 = the node does not say
 * @param featureLevelMax what its release knows; 0 = it does not say
 */
public record ClusterStatus(
        String clusterId,
        String nodeId,
        MemberRole role,
        long term,
        String leaderId,
        long appliedCommitTs,
        long durableCommitTs,
        long applyLagEntries,
        List<ClusterMember> members,
        String version,
        int featureLevel,
        int featureLevelMax) {
    /** Copies the list. */
    public ClusterStatus {
        members = List.copyOf(members);
    }
}
