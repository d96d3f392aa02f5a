package io.statehouse.client;

import io.grpc.stub.StreamObserver;
import io.statehouse.proto.v1.ClusterMember;
import io.statehouse.proto.v1.ClusterServiceGrpc;
import io.statehouse.proto.v1.GetClusterStatusRequest;
import io.statehouse.proto.v1.GetClusterStatusResponse;
import io.statehouse.proto.v1.MemberRole;
import io.statehouse.proto.v1.TransferLeadershipRequest;
import io.statehouse.proto.v1.TransferLeadershipResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The operator's calls of a fake node. */
final class FakeClusterService extends ClusterServiceGrpc.ClusterServiceImplBase {
    private final FakeNode node;
    final List<String> transfers = new CopyOnWriteArrayList<>();

    FakeClusterService(FakeNode node) {
        this.node = node;
    }

    @Override
    public void getClusterStatus(GetClusterStatusRequest request, StreamObserver<GetClusterStatusResponse> caller) {
        caller.onNext(GetClusterStatusResponse.newBuilder()
                .setNodeId(node.address())
                .setRole(MemberRole.MEMBER_ROLE_LEADER)
                .addMembers(ClusterMember.newBuilder().setNodeId("n2").setLagEntries(3))
                .addMembers(ClusterMember.newBuilder().setNodeId("n3"))
                .build());
        caller.onCompleted();
    }

    @Override
    public void transferLeadership(
            TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> caller) {
        transfers.add(request.getNodeId());
        if (node.deed == FakeNode.Deed.DO_AND_DIE) {
            node.die();
            return;
        }
        caller.onNext(TransferLeadershipResponse.newBuilder()
                .setLeaderId(request.getNodeId().isEmpty() ? "n2" : request.getNodeId())
                .build());
        caller.onCompleted();
    }
}
