package io.statehouse.node.grpc;

import io.grpc.stub.StreamObserver;
import io.statehouse.node.service.ClusterService;
import io.statehouse.proto.v1.ChangeMembersRequest;
import io.statehouse.proto.v1.ChangeMembersResponse;
import io.statehouse.proto.v1.ClusterMember;
import io.statehouse.proto.v1.ClusterServiceGrpc;
import io.statehouse.proto.v1.ExamineNodeRequest;
import io.statehouse.proto.v1.ExamineNodeResponse;
import io.statehouse.proto.v1.GetClusterStatusRequest;
import io.statehouse.proto.v1.GetClusterStatusResponse;
import io.statehouse.proto.v1.MemberRole;
import io.statehouse.proto.v1.NodeCertificate;
import io.statehouse.proto.v1.NodeSetting;
import io.statehouse.proto.v1.TakeSnapshotRequest;
import io.statehouse.proto.v1.TakeSnapshotResponse;
import io.statehouse.proto.v1.TransferLeadershipRequest;
import io.statehouse.proto.v1.TransferLeadershipResponse;
import io.statehouse.raft.ClusterView;
import io.statehouse.raft.Member;
import io.statehouse.raft.Newcomer;
import java.util.TreeMap;

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

    @Override
    public void takeSnapshot(TakeSnapshotRequest request, StreamObserver<TakeSnapshotResponse> observer) {
        calls.answer(
                observer,
                () -> cluster.takeSnapshot(Calls.caller())
                        .thenApply(taken -> TakeSnapshotResponse.newBuilder()
                                .setNodeId(cluster.self())
                                .setCommitTs(taken.commitTs().value())
                                .setLogEntriesPurged(taken.entriesPurged())
                                .setLogEntriesKept(taken.entriesKept())
                                .build()));
    }

    @Override
    public void examineNode(ExamineNodeRequest request, StreamObserver<ExamineNodeResponse> observer) {
        calls.answerNow(observer, () -> examined(cluster.examine(Calls.caller())));
    }

    private ExamineNodeResponse examined(ClusterService.Examined node) {
        String reason = node.whyNotReady();
        ExamineNodeResponse.Builder response = ExamineNodeResponse.newBuilder()
                .setStatus(status(node.cluster()))
                .setNotReadyReason(reason == null ? "" : reason)
                .setClockUnixMillis(node.clockMillis())
                .setDiskFreeBytes(node.disk().freeBytes())
                .setDiskTotalBytes(node.disk().totalBytes())
                .setDiskReserveBytes(node.disk().reserveBytes());
        new TreeMap<>(node.settings())
                .forEach((name, value) -> response.addSettings(
                        NodeSetting.newBuilder().setName(name).setValue(value)));
        node.certificateEnds()
                .forEach((name, end) -> response.addCertificates(NodeCertificate.newBuilder()
                        .setName(name)
                        .setValidUntilUnixMillis(end == null ? 0 : end.toEpochMilli())));
        return response.build();
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
                .setVersion(version)
                .setFeatureLevel(cluster.featureLevel())
                .setFeatureLevelMax(cluster.featureLevelMax());
        view.voters().forEach(member -> response.addMembers(member(view, member, roleOf(view, member))));
        view.listeners().forEach(member -> response.addMembers(member(view, member, MemberRole.MEMBER_ROLE_LISTENER)));
        view.newcomers().forEach(newcomer -> response.addMembers(joining(newcomer)));
        return response.build();
    }

    private static ClusterMember joining(Newcomer newcomer) {
        return message(newcomer.member(), MemberRole.MEMBER_ROLE_JOINING)
                .setLagEntries(newcomer.lagEntries())
                .setCopiedBytes(newcomer.copiedBytes())
                .setCopyBytes(newcomer.copyBytes())
                .build();
    }

    private static ClusterMember.Builder message(Member member, MemberRole role) {
        return ClusterMember.newBuilder()
                .setNodeId(member.id())
                .setRaftAddress(member.raftAddress())
                .setApiAddress(member.apiAddress())
                .setRole(role);
    }

    private static ClusterMember member(ClusterView view, Member member, MemberRole role) {
        ClusterMember.Builder message = message(member, role);
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
