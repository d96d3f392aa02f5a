package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.node.config.Setting;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import io.statehouse.proto.v1.WatchServiceGrpc;
import io.statehouse.raft.Member;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Clock;
import java.util.Iterator;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaderlessWatchTest {
    @Test
    void aNodeThatIsCutOffSendsItsWatchersElsewhere() {
        var log = new MeddlingLog(SoloLog.open(
                new Member("n1", "127.0.0.1:1", "127.0.0.1:1"),
                StateMachine.open(new TreeStore(), Limits.DEFAULT),
                Clock.systemUTC(),
                new SplittableRandom(1)));
        var config = TestNode.config(Map.of(Setting.CALL_TIMEOUT_MS, "300"));
        try (var node = TestNode.start(new StatehouseNode(config, log, BuildInfo.read()));
                var client = new V1Client(node.address(), "")) {
            Iterator<WatchResponse> watch = WatchServiceGrpc.newBlockingStub(
                            client.stub().getChannel())
                    .watch(WatchRequest.newBuilder()
                            .setAgentId("ada")
                            .setProgressIntervalMs(100)
                            .build());
            assertThat(watch.next().hasProgressTs()).isTrue();

            log.loseTheLeader();

            StatusRuntimeException end =
                    catchThrowableOfType(StatusRuntimeException.class, () -> watch.forEachRemaining(mark -> {}));
            assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(V1Client.errorOf(end).getCode()).isEqualTo(ErrorCode.NOT_READY);
        }
    }
}
