package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.raft.Member;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NoMemberTest {
    @Test
    void aNodeThatTheClusterGoesOnWithoutShowsNothingOfWhatItHolds() {
        var log = new MeddlingLog(SoloLog.open(
                new Member("n1", "127.0.0.1:1", "127.0.0.1:1"),
                StateMachine.open(new TreeStore(), Limits.DEFAULT),
                Clock.systemUTC(),
                new SplittableRandom(1)));
        try (var node = TestNode.start(new StatehouseNode(TestNode.config(Map.of()), log, BuildInfo.read()));
                var client = new V1Client(node.address(), "")) {
            var request = GetStateRequest.newBuilder()
                    .setAgentId("ada")
                    .setKey("k")
                    .setOptions(ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL))
                    .build();
            assertThat(client.stub().getState(request).getExists()).isFalse();

            log.leaveTheCluster();

            var end = catchThrowableOfType(
                    StatusRuntimeException.class, () -> client.stub().getState(request));
            assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(V1Client.errorOf(end).getCode()).isEqualTo(ErrorCode.NOT_READY);
            assertThat(V1Client.errorOf(end).getMessage()).contains("no member of its cluster");
        }
    }
}
