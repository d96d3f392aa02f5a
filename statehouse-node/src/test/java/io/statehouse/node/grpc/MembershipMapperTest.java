package io.statehouse.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.ServiceException;
import io.statehouse.proto.v1.ChangeMembersRequest;
import io.statehouse.proto.v1.ReplaceMember;
import io.statehouse.raft.ClusterView;
import io.statehouse.raft.Member;
import io.statehouse.raft.MembershipChange;
import io.statehouse.statemachine.CommitTs;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MembershipMapperTest {
    private static final Member N1 = new Member("n1", "h1:50061", "h1:50051");

    @Test
    void aVoterIsReplacedAtItsOwnAddress() {
        var change = (MembershipChange.Replace) MembershipMapper.change(replace("n1"), view(N1, List.of(N1)));

        assertThat(change.successor()).isEqualTo(N1);
    }

    @Test
    void whoIsNoVoterIsRefused() {
        assertThat(kindOf(replace("n9"), view(N1, List.of(N1)))).isEqualTo(ErrorKind.INVALID_REQUEST);
    }

    @Test
    void aNodeThatKnowsNobodyYetSendsTheCallerElsewhere() {
        assertThat(kindOf(replace("n1"), view(null, List.of()))).isEqualTo(ErrorKind.NOT_READY);
    }

    private static @Nullable ErrorKind kindOf(ChangeMembersRequest request, ClusterView view) {
        var refused = catchThrowableOfType(ServiceException.class, () -> MembershipMapper.change(request, view));
        return refused == null ? null : refused.kind();
    }

    private static ChangeMembersRequest replace(String id) {
        return ChangeMembersRequest.newBuilder()
                .setReplace(ReplaceMember.newBuilder().setNodeId(id))
                .build();
    }

    private static ClusterView view(@Nullable Member leader, List<Member> voters) {
        return new ClusterView(
                "cluster",
                N1,
                ClusterView.Role.FOLLOWER,
                1,
                leader,
                false,
                voters,
                List.of(),
                List.of(),
                CommitTs.ZERO,
                CommitTs.ZERO,
                0,
                Map.of());
    }
}
