package io.statehouse.raft;

import io.statehouse.raft.disk.NodeIdentity;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/** Members as Ratis knows them: a peer whose client address is the member's API. */
final class Members {
    private Members() {}

    /** A founding member. */
    static RaftPeer peer(Member member) {
        return peer(member.id(), member);
    }

    static RaftPeer peer(String peerId, Member member) {
        return RaftPeer.newBuilder()
                .setId(RaftPeerId.valueOf(peerId))
                .setAddress(member.raftAddress())
                .setClientAddress(member.apiAddress())
                .build();
    }

    static Member member(RaftPeer peer) {
        return new Member(name(peer.getId()), peer.getAddress(), peer.getClientAddress());
    }

    /** The node behind a peer. To Raft a node that lost its disk is another peer; to everybody else it is the same node. */
    static String name(RaftPeerId id) {
        return NodeIdentity.nodeOf(id.toString());
    }

    static List<Member> members(Collection<RaftPeer> peers) {
        return peers.stream()
                .map(Members::member)
                .sorted(Comparator.comparing(Member::id))
                .toList();
    }

    /** Who leads, as this member knows it; null when nobody is known to. */
    static @Nullable Member leader(RaftServer.Division division) {
        RaftPeerId id = division.getInfo().getLeaderId();
        return id == null ? null : find(division, id);
    }

    /** Whether a peer belongs to the cluster, or is on its way in or out. */
    static boolean isMember(RaftServer.Division division, String peerId) {
        var configuration = division.getRaftConf();
        return Stream.concat(configuration.getAllPeers().stream(), configuration.getPreviousPeers().stream())
                .anyMatch(peer -> peer.getId().toString().equals(peerId));
    }

    static List<Member> others(RaftServer.Division division) {
        return division.getRaftConf().getAllPeers().stream()
                .filter(peer -> !peer.getId().equals(division.getId()))
                .map(Members::member)
                .toList();
    }

    static List<Member> otherVoters(RaftServer.Division division) {
        return division.getRaftConf().getCurrentPeers().stream()
                .filter(peer -> !peer.getId().equals(division.getId()))
                .map(Members::member)
                .toList();
    }

    static @Nullable Member find(RaftServer.Division division, RaftPeerId id) {
        RaftPeer peer = division.getRaftConf().getPeer(id, RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER);
        return peer == null ? null : member(peer);
    }
}
