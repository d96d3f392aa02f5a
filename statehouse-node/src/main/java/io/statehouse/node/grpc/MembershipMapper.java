package io.statehouse.node.grpc;

import io.statehouse.node.config.Address;
import io.statehouse.node.config.ConfigException;
import io.statehouse.node.service.Refusals;
import io.statehouse.proto.v1.ChangeMembersRequest;
import io.statehouse.proto.v1.NewMember;
import io.statehouse.proto.v1.RemoveMember;
import io.statehouse.proto.v1.ReplaceMember;
import io.statehouse.raft.ClusterView;
import io.statehouse.raft.Member;
import io.statehouse.raft.MembershipChange;

/** Changes of members between the wire and what the log takes. */
final class MembershipMapper {
    private MembershipMapper() {}

    /** Fields that are left out are filled in from the members there are. */
    static MembershipChange change(ChangeMembersRequest request, ClusterView cluster) {
        return switch (request.getChangeCase()) {
            case REPLACE -> replace(request.getReplace(), cluster);
            case ADD -> new MembershipChange.Add(member("add", request.getAdd()));
            case REMOVE ->
                new MembershipChange.Remove(
                        named("remove.node_id", request.getRemove().getNodeId()));
            case CHANGE_NOT_SET -> throw Refusals.invalid("change", "is missing");
        };
    }

    private static MembershipChange replace(ReplaceMember replace, ClusterView cluster) {
        String id = named("replace.node_id", replace.getNodeId());
        Member old = cluster.voters().stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElse(new Member(id, "", ""));
        NewMember given = replace.getSuccessor();
        NewMember successor = NewMember.newBuilder()
                .setNodeId(given.getNodeId().isEmpty() ? id : given.getNodeId())
                .setRaftAddress(given.getRaftAddress().isEmpty() ? old.raftAddress() : given.getRaftAddress())
                .setApiAddress(given.getApiAddress().isEmpty() ? old.apiAddress() : given.getApiAddress())
                .build();
        if (successor.getRaftAddress().isEmpty()) {
            // A node that waits to be let in answers calls and knows nobody yet.
            if (cluster.leader() == null || cluster.voters().isEmpty()) {
                throw Refusals.notReady("this node does not know the members yet");
            }
            throw Refusals.invalid("replace.node_id", "no voter is named " + id);
        }
        return new MembershipChange.Replace(id, member("replace.successor", successor));
    }

    private static Member member(String field, NewMember member) {
        return new Member(
                named(field + ".node_id", member.getNodeId()),
                address(field + ".raft_address", member.getRaftAddress()),
                address(field + ".api_address", member.getApiAddress()));
    }

    private static String named(String field, String id) {
        if (id.isEmpty()) {
            throw Refusals.invalid(field, "must not be empty");
        }
        return id;
    }

    private static String address(String field, String text) {
        try {
            return Address.parse(field, text).toString();
        } catch (ConfigException e) {
            throw Refusals.invalid(field, String.valueOf(e.getMessage()));
        }
    }

    static ChangeMembersRequest request(MembershipChange change) {
        ChangeMembersRequest.Builder request = ChangeMembersRequest.newBuilder();
        return switch (change) {
            case MembershipChange.Replace replace ->
                request.setReplace(ReplaceMember.newBuilder()
                                .setNodeId(replace.memberId())
                                .setSuccessor(message(replace.successor())))
                        .build();
            case MembershipChange.Add add ->
                request.setAdd(message(add.newcomer())).build();
            case MembershipChange.Remove remove ->
                request.setRemove(RemoveMember.newBuilder().setNodeId(remove.memberId()))
                        .build();
        };
    }

    private static NewMember message(Member member) {
        return NewMember.newBuilder()
                .setNodeId(member.id())
                .setRaftAddress(member.raftAddress())
                .setApiAddress(member.apiAddress())
                .build();
    }
}
