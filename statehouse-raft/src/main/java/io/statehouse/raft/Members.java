package io.statehouse.raft;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/** Members as Ratis knows them: a peer whose client address is the member's API. */
final class Members {
    private Members() {}

    static RaftPeer peer(Member member) {
        return RaftPeer.newBuilder()
                .setId(RaftPeerId.valueOf(member.id()))
                .setAddress(member.raftAddress())
                .setClientAddress(member.apiAddress())
                .build();
    }

    static Member member(RaftPeer peer) {
        return new Member(peer.getId().toString(), peer.getAddress(), peer.getClientAddress());
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

    static @Nullable Member find(RaftServer.Division division, RaftPeerId id) {
        RaftPeer peer = division.getRaftConf().getPeer(id, RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER);
        return peer == null ? null : member(peer);
    }
}
