package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.AgentRequest;
import io.statehouse.proto.v1.AgentServiceGrpc;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who waits for a lease changes state more than once: after the first time nobody may say that nothing was applied. */
class QueueDoubtTest {
    private MeddlingLog log;
    private TestNode node;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        var config = TestNode.config(Map.of());
        log = new MeddlingLog(SoloLog.open(
                config.self(),
                StateMachine.open(new TreeStore(), Limits.DEFAULT),
                Clock.systemUTC(),
                new SplittableRandom(1)));
        node = TestNode.start(new StatehouseNode(config, log, BuildInfo.read()));
        channel = Grpc.newChannelBuilder(node.address(), InsecureChannelCredentials.create())
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        node.close();
    }

    private String acquire(String holder, long waitMillis) {
        String params = "{\"resources\":[\"r\"],\"holder\":\"%s\",\"wait_ms\":%d}".formatted(holder, waitMillis);
        return AgentServiceGrpc.newBlockingStub(channel)
                .execute(AgentRequest.newBuilder()
                        .setMethod("lease.acquire")
                        .setParams(ByteString.copyFromUtf8(params))
                        .setTxnId("of-" + holder)
                        .build())
                .getResult()
                .toStringUtf8();
    }

    @Test
    void whoStandsInAQueueIsNotToldThatNothingWasApplied() {
        assertThat(acquire("a", 0)).contains("\"granted\":true");
        log.refuseAfter(1);

        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> acquire("b", 200))
                .satisfies(failure -> {
                    assertThat(failure.getStatus().getCode())
                            .as(failure.toString())
                            .isEqualTo(Status.Code.UNKNOWN);
                    assertThat(V1Client.errorOf(failure).getCode()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
                });
    }

    @Test
    void whoHasWaitedInVainLeavesTheQueue() {
        assertThat(acquire("a", 0)).contains("\"granted\":true");

        assertThat(acquire("b", 200)).contains("\"granted\":false");
        assertThat(acquire("c", 0)).contains("\"granted\":false");
    }
}
