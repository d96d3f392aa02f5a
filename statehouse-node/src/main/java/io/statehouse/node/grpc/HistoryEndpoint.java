package io.statehouse.node.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.proto.v1.DiffRequest;
import io.statehouse.proto.v1.DiffResponse;
import io.statehouse.proto.v1.ExplainRequest;
import io.statehouse.proto.v1.ExplainResponse;
import io.statehouse.proto.v1.GetRetentionRequest;
import io.statehouse.proto.v1.GetRetentionResponse;
import io.statehouse.proto.v1.HistoryServiceGrpc;
import io.statehouse.proto.v1.ListVersionsRequest;
import io.statehouse.proto.v1.ListVersionsResponse;
import io.statehouse.proto.v1.RevertRequest;
import io.statehouse.proto.v1.RevertResponse;
import io.statehouse.proto.v1.SetRetentionRequest;
import io.statehouse.proto.v1.SetRetentionResponse;
import io.statehouse.proto.v1.VerifyRequest;
import io.statehouse.proto.v1.VerifyResponse;
import java.util.concurrent.Executor;

/** The calls about the past; each line says what a call means. */
final class HistoryEndpoint extends HistoryServiceGrpc.HistoryServiceImplBase {
    private final Calls calls;
    private final Services.Past past;
    private final HistoryMapper mapper;
    private final Executor executor;

    HistoryEndpoint(Calls calls, Services.Past past, NodeLimits limits, Executor executor) {
        this.calls = calls;
        this.past = past;
        this.mapper = new HistoryMapper(limits);
        this.executor = executor;
    }

    @Override
    public void listVersions(ListVersionsRequest request, StreamObserver<ListVersionsResponse> observer) {
        calls.answer(
                observer,
                () -> past.versions()
                        .list(Calls.caller(), HistoryMapper.versions(request))
                        .thenApply(versions -> mapper.versions(request, versions)));
    }

    @Override
    public void diff(DiffRequest request, StreamObserver<DiffResponse> observer) {
        calls.answer(
                observer,
                () -> past.diffs()
                        .diff(Calls.caller(), HistoryMapper.diff(request))
                        .thenApply(HistoryMapper::differences));
    }

    @Override
    public void revert(RevertRequest request, StreamObserver<RevertResponse> observer) {
        calls.answer(
                observer,
                () -> past.reverts()
                        .revert(Calls.caller(), HistoryMapper.revert(request))
                        .thenApply(HistoryMapper::reverted));
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> observer) {
        calls.answer(
                observer,
                () -> past.provenance()
                        .explain(Calls.caller(), ProvenanceMapper.query(request))
                        .thenApply(explanation -> ProvenanceMapper.answer(request, explanation)));
    }

    @Override
    public void getRetention(GetRetentionRequest request, StreamObserver<GetRetentionResponse> observer) {
        calls.answer(
                observer,
                () -> past.retention()
                        .get(
                                Calls.caller(),
                                ApiMapper.namespace(request.getNamespace()),
                                ApiMapper.freshness(request.getOptions()))
                        .thenApply(RetentionMapper::answer));
    }

    @Override
    public void setRetention(SetRetentionRequest request, StreamObserver<SetRetentionResponse> observer) {
        calls.answer(
                observer,
                () -> past.retention()
                        .set(Calls.caller(), RetentionMapper.command(request))
                        .thenApply(done -> SetRetentionResponse.getDefaultInstance()));
    }

    @Override
    public void verify(VerifyRequest request, StreamObserver<VerifyResponse> observer) {
        var stream = (ServerCallStreamObserver<VerifyResponse>) observer;
        try {
            new VerifyStream(stream, past.verify().begin(Calls.caller(), HistoryMapper.start(request)), executor)
                    .start();
        } catch (RuntimeException e) {
            observer.onError(StatusMapper.toStatus(e));
        }
    }
}
