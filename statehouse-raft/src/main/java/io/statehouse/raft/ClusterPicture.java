package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;

/** Draws the {@link ClusterView} of this moment from what Ratis tells. */
record ClusterPicture(
        UUID clusterId, Member self, RaftServer.Division division, Replica replica, SnapshotSender.Sending sending) {
    ClusterView of(AppenderRegistry registry) {
        var info = division.getInfo();
        var configuration = division.getRaftConf();
        long committed = division.getRaftLog().getLastCommittedIndex();
        return new ClusterView(
                clusterId.toString(),
                self,
                role(info.getCurrentRole()),
                info.getCurrentTerm(),
                Members.leader(division),
                info.isLeader() && info.isLeaderReady(),
                Members.members(configuration.getCurrentPeers()),
                Members.members(configuration.getCurrentPeers(RaftPeerRole.LISTENER)),
                info.isLeader() ? newcomers(registry) : List.of(),
                new CommitTs(replica.commits().reached()),
                replica.durable().commitTs(),
                Math.max(0, committed - replica.entries().reached()),
                info.isLeader() ? lags(registry) : Map.of());
    }

    private static ClusterView.Role role(RaftPeerRole role) {
        return switch (role) {
            case LEADER -> ClusterView.Role.LEADER;
            case CANDIDATE -> ClusterView.Role.CANDIDATE;
            case LISTENER -> ClusterView.Role.LISTENER;
            case FOLLOWER, UNRECOGNIZED -> ClusterView.Role.FOLLOWER;
        };
    }

    /** Whom Ratis sends the log to before the configuration names them. */
    private List<Newcomer> newcomers(AppenderRegistry registry) {
        var known = division.getRaftConf().getAllPeers().stream()
                .map(RaftPeer::getId)
                .toList();
        return registry.appenders().values().stream()
                .filter(appender -> appender.isRunning() && !known.contains(appender.getFollowerId()))
                .map(appender -> new Newcomer(
                        Members.member(appender.getFollower().getPeer()),
                        lag(appender),
                        sending.sentBytes(),
                        sending.allBytes()))
                .toList();
    }

    private long lag(BarrierAppender appender) {
        long last = division.getRaftLog().getNextIndex() - 1;
        return Math.max(0, last - appender.getFollower().getMatchIndex());
    }

    /** Of the voters only: a peer that is about to take the place of one has its name. */
    private Map<String, Long> lags(AppenderRegistry registry) {
        var voters = division.getRaftConf().getCurrentPeers().stream()
                .map(RaftPeer::getId)
                .toList();
        var lags = new TreeMap<String, Long>();
        registry.appenders().forEach((id, appender) -> {
            if (voters.contains(id)) {
                lags.put(Members.name(id), lag(appender));
            }
        });
        return lags;
    }
}
