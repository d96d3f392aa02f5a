package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.node.config.Setting;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.ReadOptions;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A caller may name any deadline; a node waits for what may never come no longer than it was told to. */
class CallTimeoutTest {
    private static final long NEVER_REACHED = 1_000_000;

    @Test
    void aNodeEndsAWaitThatIsLongerThanItsOwnBound() {
        var settings = Map.of(Setting.CALL_TIMEOUT_MAX_MS, "200");
        var read = GetStateRequest.newBuilder()
                .setAgentId("ada")
                .setKey("k")
                .setOptions(ReadOptions.newBuilder()
                        .setConsistency(Consistency.CONSISTENCY_AT_LEAST)
                        .setAtLeastCommitTs(NEVER_REACHED))
                .build();
        try (TestNode node = TestNode.start(settings);
                V1Client client = new V1Client(node.address(), "")) {
            // Had the caller's own deadline ended it, the status would be DEADLINE_EXCEEDED.
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> client.stub().getState(read))
                    .satisfies(failure -> {
                        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                        assertThat(V1Client.errorOf(failure).getCode()).isEqualTo(ErrorCode.NOT_READY);
                        assertThat(V1Client.errorOf(failure).getMessage()).contains("did not reach");
                    });
        }
    }
}
