package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.statehouse.node.config.Setting;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that must keep more free than any disk has takes what a full one takes. */
class FullDiskTest extends NativeSession {
    private static final String ALL_THE_SPACE_THERE_IS = Long.toString(Long.MAX_VALUE / 2);
    private static final String KEPT = "kept";

    @TempDir
    private static Path data;

    @BeforeAll
    static void start() {
        var settings = new HashMap<>(Map.of(
                Setting.USE_MEMORY,
                "false",
                Setting.INIT,
                "true",
                Setting.RAFT_ADDR,
                "127.0.0.1:" + TestCluster.freePorts(1).get(0),
                Setting.DATA_DIR,
                data.toString()));
        node = ready(settings);
        try (V1Client writer = new V1Client(node.address(), KEPT)) {
            writer.put(ADA, "task", V1Client.object("v", V1Client.text("1")));
        }
        node.close();
        settings.put(Setting.DISK_RESERVE_BYTES, ALL_THE_SPACE_THERE_IS);
        node = ready(settings);
    }

    private static TestNode ready(Map<Setting, String> settings) {
        TestNode started = TestNode.start(settings);
        await().until(() -> started.node().cluster().isReady());
        return started;
    }

    @Test
    void writesAreRefusedWithAHintAndDeletesAndReadsGoOn() {
        var refusal = refused(Status.Code.RESOURCE_EXHAUSTED, ErrorCode.STORAGE_FULL, () -> commit(put("task", "1")));
        assertThat(V1Client.errorOf(refusal).getDetailsMap())
                .containsEntry("limit", "diskReserveBytes")
                .containsKey("retry_after_ms");
        refused(
                Status.Code.RESOURCE_EXHAUSTED,
                ErrorCode.STORAGE_FULL,
                () -> commit(delete("other"), put("task", "1")));

        assertThat(isKept()).isTrue();
        commit(delete("task").toBuilder().setNamespace(KEPT).build());
        assertThat(isKept()).isFalse();
    }

    private boolean isKept() {
        var request =
                GetStateRequest.newBuilder().setNamespace(KEPT).setAgentId(ADA).setKey("task");
        return client.stub().getState(request.build()).getExists();
    }
}
