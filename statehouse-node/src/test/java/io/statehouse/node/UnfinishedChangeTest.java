package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.ChangeMembersRequest;
import io.statehouse.proto.v1.ClusterServiceGrpc;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.RemoveMember;
import io.statehouse.raft.LogException;
import io.statehouse.raft.MembershipChange;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class UnfinishedChangeTest {
    @Test
    void ofAChangeThatMayGoOnNobodySaysThatNothingWasApplied() {
        var remove = ChangeMembersRequest.newBuilder()
                .setRemove(RemoveMember.newBuilder().setNodeId("n2"))
                .build();
        try (var node = TestNode.start(new StatehouseNode(TestNode.config(Map.of()), new CutOff(), BuildInfo.read()));
                var client = new V1Client(node.address(), "")) {
            var cluster = ClusterServiceGrpc.newBlockingStub(client.stub().getChannel());

            var end = catchThrowableOfType(StatusRuntimeException.class, () -> cluster.changeMembers(remove));

            var error = V1Client.errorOf(end);
            assertThat(error.getCode()).isEqualTo(ErrorCode.NOT_READY);
            assertThat(error.getMessage()).contains("may go on").doesNotContain("nothing was applied");
            assertThat(error.getDetailsMap()).containsKey("retry_after_ms");
        }
    }

    /** A leader that was cut off while it made a change. */
    private static final class CutOff extends FakeLog.WithoutLeader {
        @Override
        public CompletableFuture<Void> change(MembershipChange change) {
            return CompletableFuture.failedFuture(
                    new LogException.Unavailable("the change of the members was not finished", null));
        }
    }
}
