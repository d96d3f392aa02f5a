package io.statehouse.node.grpc;

import io.grpc.stub.StreamObserver;
import io.statehouse.node.service.ClusterService;
import io.statehouse.proto.v1.ChangeMembersRequest;
import io.statehouse.proto.v1.ChangeMembersResponse;
import io.statehouse.proto.v1.ClusterMember;
import io.statehouse.proto.v1.ClusterServiceGrpc;
import io.statehouse.proto.v1.GetClusterStatusRequest;
import io.statehouse.proto.v1.GetClusterStatusResponse;
import io.statehouse.proto.v1.MemberRole;
import io.statehouse.proto.v1.TransferLeadershipRequest;
import io.statehouse.proto.v1.TransferLeadershipResponse;
import io.statehouse.raft.ClusterView;
import io.statehouse.raft.Member;

/** The calls of operators. */
final class ClusterEndpoint extends ClusterServiceGrpc.ClusterServiceImplBase {
    private final Calls calls;
    private final ClusterService cluster;
    private final String version;

    ClusterEndpoint(Calls calls, ClusterService cluster, String version) {
        this.calls = calls;
        this.cluster = cluster;
        this.version = version;
    }

    @Override
    public void getClusterStatus(GetClusterStatusRequest request, StreamObserver<GetClusterStatusResponse> observer) {
        calls.answerNow(observer, () -> status(cluster.status(Calls.caller())));
    }

    @Override
    public void transferLeadership(
            TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> observer) {
        calls.answer(
                observer,
                () -> cluster.transferLeadership(Calls.caller(), request.getNodeId())
                        .thenApply(leader -> TransferLeadershipResponse.newBuilder()
                                .setLeaderId(leader)
                                .build()));
    }

    @Override
    public void changeMembers(ChangeMembersRequest request, StreamObserver<ChangeMembersResponse> observer) {
        calls.answer(observer, () -> {
            ClusterView view = cluster.status(Calls.caller());
            return cluster.change(Calls.caller(), MembershipMapper.change(request, view))
                    .thenApply(done -> ChangeMembersResponse.getDefaultInstance());
        });
    }

    private GetClusterStatusResponse status(ClusterView view) {
        Member leader = view.leader();
        GetClusterStatusResponse.Builder response = GetClusterStatusResponse.newBuilder()
                .setClusterId(view.clusterId())
                .setNodeId(view.self().id())
                .setRole(role(view.role()))
                .setTerm(view.term())
                .setLeaderId(leader == null ? "" : leader.id())
                .setAppliedCommitTs(view.applied().value())
                .setDurableCommitTs(view.durable().value())
                .setApplyLagEntries(view.applyLagEntries())
                .setVersion(version);
        view.voters().forEach(member -> response.addMembers(member(view, member, roleOf(view, member))));
        view.listeners().forEach(member -> response.addMembers(member(view, member, MemberRole.MEMBER_ROLE_LISTENER)));
        return response.build();
    }

    private static ClusterMember member(ClusterView view, Member member, MemberRole role) {
        ClusterMember.Builder message = ClusterMember.newBuilder()
                .setNodeId(member.id())
                .setRaftAddress(member.raftAddress())
                .setApiAddress(member.apiAddress())
                .setRole(role);
        Long lag = view.followerLagEntries().get(member.id());
        if (lag != null) {
            message.setLagEntries(lag);
        }
        return message.build();
    }

    private static MemberRole roleOf(ClusterView view, Member member) {
        if (member.id().equals(view.self().id())) {
            return role(view.role());
        }
        Member leader = view.leader();
        boolean leads = leader != null && leader.id().equals(member.id());
        return leads ? MemberRole.MEMBER_ROLE_LEADER : MemberRole.MEMBER_ROLE_FOLLOWER;
    }

    private static MemberRole role(ClusterView.Role role) {
        return switch (role) {
            case LEADER -> MemberRole.MEMBER_ROLE_LEADER;
            case FOLLOWER -> MemberRole.MEMBER_ROLE_FOLLOWER;
            case CANDIDATE -> MemberRole.MEMBER_ROLE_CANDIDATE;
            case LISTENER -> MemberRole.MEMBER_ROLE_LISTENER;
        };
    }
}
