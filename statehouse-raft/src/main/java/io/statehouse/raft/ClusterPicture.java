package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.server.RaftServer;

/** Draws the {@link ClusterView} of this moment from what Ratis tells. */
final class ClusterPicture {
    private ClusterPicture() {}

    static ClusterView of(UUID clusterId, RaftServer.Division division, Replica replica, AppenderRegistry registry) {
        var info = division.getInfo();
        var configuration = division.getRaftConf();
        long committed = division.getRaftLog().getLastCommittedIndex();
        return new ClusterView(
                clusterId.toString(),
                Members.member(division.getPeer()),
                role(info.getCurrentRole()),
                info.getCurrentTerm(),
                Members.leader(division),
                info.isLeader() && info.isLeaderReady(),
                Members.members(configuration.getCurrentPeers()),
                Members.members(configuration.getCurrentPeers(RaftPeerRole.LISTENER)),
                new CommitTs(replica.commits().reached()),
                replica.durable().commitTs(),
                Math.max(0, committed - replica.entries().reached()),
                info.isLeader() ? lags(division, registry) : Map.of());
    }

    private static ClusterView.Role role(RaftPeerRole role) {
        return switch (role) {
            case LEADER -> ClusterView.Role.LEADER;
            case CANDIDATE -> ClusterView.Role.CANDIDATE;
            case LISTENER -> ClusterView.Role.LISTENER;
            case FOLLOWER, UNRECOGNIZED -> ClusterView.Role.FOLLOWER;
        };
    }

    private static Map<String, Long> lags(RaftServer.Division division, AppenderRegistry registry) {
        long next = division.getRaftLog().getNextIndex();
        var lags = new TreeMap<String, Long>();
        registry.appenders()
                .forEach((id, appender) -> lags.put(
                        id.toString(),
                        Math.max(0, next - 1 - appender.getFollower().getMatchIndex())));
        return lags;
    }
}
