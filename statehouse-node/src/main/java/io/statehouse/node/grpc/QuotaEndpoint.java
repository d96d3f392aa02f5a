package io.statehouse.node.grpc;

import io.grpc.stub.StreamObserver;
import io.statehouse.node.service.QuotaService;
import io.statehouse.proto.v1.GetQuotaRequest;
import io.statehouse.proto.v1.GetQuotaResponse;
import io.statehouse.proto.v1.NamespaceQuota;
import io.statehouse.proto.v1.QuotaServiceGrpc;
import io.statehouse.proto.v1.SetQuotaRequest;
import io.statehouse.proto.v1.SetQuotaResponse;
import io.statehouse.statemachine.Quota;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.state.Usage;

/** The calls about how much a namespace may take. */
final class QuotaEndpoint extends QuotaServiceGrpc.QuotaServiceImplBase {
    private final Calls calls;
    private final QuotaService quotas;

    QuotaEndpoint(Calls calls, QuotaService quotas) {
        this.calls = calls;
        this.quotas = quotas;
    }

    @Override
    public void getQuota(GetQuotaRequest request, StreamObserver<GetQuotaResponse> observer) {
        calls.answer(
                observer,
                () -> quotas.get(Calls.caller(), ApiMapper.namespace(request.getNamespace()))
                        .thenApply(QuotaEndpoint::answer));
    }

    @Override
    public void setQuota(SetQuotaRequest request, StreamObserver<SetQuotaResponse> observer) {
        calls.answer(
                observer,
                () -> quotas.set(Calls.caller(), command(request))
                        .thenApply(done -> SetQuotaResponse.getDefaultInstance()));
    }

    private static GetQuotaResponse answer(Usage usage) {
        return GetQuotaResponse.newBuilder()
                .setQuota(wire(usage.quota()))
                .setBytes(usage.bytes())
                .setAgents(usage.agents())
                .setIsCounted(usage.isCounted())
                .build();
    }

    private static SetQuota command(SetQuotaRequest request) {
        NamespaceQuota quota = request.getQuota();
        return new SetQuota(
                new TxnId(request.getTxnId()),
                ApiMapper.namespace(request.getNamespace()),
                new Quota(
                        ApiMapper.unsigned(quota.getBytesMax()),
                        ApiMapper.unsigned(quota.getAgentsMax()),
                        ApiMapper.unsigned(quota.getOperationsPerSecondMax())));
    }

    static SetQuotaRequest request(SetQuota set) {
        return SetQuotaRequest.newBuilder()
                .setTxnId(set.txnId().value())
                .setNamespace(set.namespace())
                .setQuota(wire(set.quota()))
                .build();
    }

    private static NamespaceQuota wire(Quota quota) {
        return NamespaceQuota.newBuilder()
                .setBytesMax(quota.bytesMax())
                .setAgentsMax(quota.agentsMax())
                .setOperationsPerSecondMax(quota.operationsPerSecondMax())
                .build();
    }
}
