package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetQuotaRequest;
import io.statehouse.proto.v1.GetQuotaResponse;
import io.statehouse.proto.v1.NamespaceQuota;
import io.statehouse.proto.v1.QuotaServiceGrpc;
import io.statehouse.proto.v1.SetQuotaRequest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NamespaceQuotaTest extends NativeSession {
    private QuotaServiceGrpc.QuotaServiceBlockingStub quotas() {
        return QuotaServiceGrpc.newBlockingStub(client.stub().getChannel());
    }

    private GetQuotaResponse quota() {
        return quotas().getQuota(
                        GetQuotaRequest.newBuilder().setNamespace(namespace).build());
    }

    private void bound(NamespaceQuota.Builder quota) {
        var unused = quotas().setQuota(SetQuotaRequest.newBuilder()
                .setNamespace(namespace)
                .setQuota(quota)
                .setTxnId(UUID.randomUUID().toString())
                .build());
        await().until(() -> quota().getIsCounted());
    }

    @Test
    void whatWouldPassAQuotaIsRefusedByItsNameAndDeletesAreTaken() {
        bound(NamespaceQuota.newBuilder().setBytesMax(200));
        commit(put("task", "\"" + "x".repeat(100) + "\""));
        assertThat(quota().getBytes()).isBetween(100L, 200L);
        assertThat(quota().getAgents()).isEqualTo(1);

        var refusal = refused(
                Status.Code.RESOURCE_EXHAUSTED,
                ErrorCode.QUOTA_EXCEEDED,
                () -> commit(put("more", "\"" + "x".repeat(100) + "\"")));
        assertThat(V1Client.errorOf(refusal).getDetailsMap())
                .containsEntry("limit", "quotaBytes")
                .containsEntry("max", "200");

        commit(delete("task"));
        assertThat(quota().getBytes()).isZero();
        commit(put("more", "\"" + "x".repeat(100) + "\""));
    }

    @Test
    void whoeverWritesTooOftenIsToldWhenToComeAgainAndDeletesAreTaken() {
        bound(NamespaceQuota.newBuilder().setOperationsPerSecondMax(1));
        commit(put("a", "1"), put("b", "2"), put("c", "3"));

        var refusal = refused(Status.Code.RESOURCE_EXHAUSTED, ErrorCode.OVERLOADED, () -> commit(put("task", "1")));

        assertThat(V1Client.errorOf(refusal).getDetailsMap())
                .containsEntry("limit", "quotaOperationsPerSecond")
                .containsKey("retry_after_ms");
        commit(delete("a"));
        await().ignoreExceptions().until(() -> commit(put("task", "1")).getCommitTs() > 0);
    }
}
