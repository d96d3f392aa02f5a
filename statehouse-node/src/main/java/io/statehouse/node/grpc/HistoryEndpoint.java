package io.statehouse.node.grpc;

import io.grpc.stub.StreamObserver;
import io.statehouse.proto.v1.DiffRequest;
import io.statehouse.proto.v1.DiffResponse;
import io.statehouse.proto.v1.HistoryServiceGrpc;
import io.statehouse.proto.v1.ListVersionsRequest;
import io.statehouse.proto.v1.ListVersionsResponse;
import io.statehouse.proto.v1.RevertRequest;
import io.statehouse.proto.v1.RevertResponse;

/** The calls about the past; each line says what a call means. */
final class HistoryEndpoint extends HistoryServiceGrpc.HistoryServiceImplBase {
    private final Calls calls;
    private final Services.Past past;
    private final HistoryMapper mapper;

    HistoryEndpoint(Calls calls, Services.Past past, HistoryMapper mapper) {
        this.calls = calls;
        this.past = past;
        this.mapper = mapper;
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
}
