package io.statehouse.node.grpc;

import io.grpc.stub.StreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.Authority;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.StateService;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.CommitStreamServiceGrpc;
import io.statehouse.proto.v1.StreamedAnswer;
import io.statehouse.proto.v1.StreamedCommit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The call that carries many commits. */
final class CommitStreamEndpoint extends CommitStreamServiceGrpc.CommitStreamServiceImplBase {
    private final StateService state;
    private final ApiMapper api;
    private final NodeLimits limits;
    private final Tally tally;
    private final Executor executor;
    private final OpenStreams open = new OpenStreams();

    CommitStreamEndpoint(StateService state, ApiMapper api, NodeLimits limits, Tally tally, Executor executor) {
        this.state = state;
        this.api = api;
        this.limits = limits;
        this.tally = tally;
        this.executor = executor;
    }

    @Override
    public StreamObserver<StreamedCommit> commitStream(StreamObserver<StreamedAnswer> observer) {
        Authority authority = Calls.caller().authority();
        return open.start(new CallStream<>(observer, (request, stream) -> take(authority, request, stream), executor));
    }

    private void take(Authority authority, StreamedCommit request, CallStream<StreamedCommit, StreamedAnswer> stream) {
        long arrived = System.nanoTime();
        long number = request.getNumber();
        var unused = begin(authority, request, stream).whenComplete((response, failure) -> {
            StreamedAnswer answer = answer(number, response, failure);
            tally.ended(arrived, answer.hasError() ? answer.getError() : null);
            stream.answer(answer);
        });
    }

    private CompletableFuture<CommitResponse> begin(
            Authority authority, StreamedCommit request, CallStream<StreamedCommit, StreamedAnswer> stream) {
        try {
            stream.requireNotEnding();
            if (!request.getCommit().hasTransaction()) {
                throw Refusals.invalid("transaction", "is not set");
            }
            var caller = OpenStreams.caller(authority, request.getTimeoutMs(), limits);
            return state.commit(caller, api.transaction(request.getCommit())).thenApply(AnswerMapper::commit);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static StreamedAnswer answer(long number, @Nullable CommitResponse response, @Nullable Throwable failure) {
        StreamedAnswer.Builder answer = StreamedAnswer.newBuilder().setNumber(number);
        if (response != null) {
            return answer.setCommitted(response).build();
        }
        return answer.setError(StatusMapper.toError(failure == null ? new NullPointerException("no answer") : failure))
                .build();
    }

    /** Ends every stream once it has answered what it has taken. */
    void stop() {
        open.stop();
    }
}
