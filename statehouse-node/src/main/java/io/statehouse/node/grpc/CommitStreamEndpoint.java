package io.statehouse.node.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.Authority;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.StateService;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.CommitStreamServiceGrpc;
import io.statehouse.proto.v1.StreamedAnswer;
import io.statehouse.proto.v1.StreamedCommit;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The call that carries many commits. */
final class CommitStreamEndpoint extends CommitStreamServiceGrpc.CommitStreamServiceImplBase {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final StateService state;
    private final ApiMapper api;
    private final NodeLimits limits;
    private final Executor executor;
    private final Set<CommitStream> open = ConcurrentHashMap.newKeySet();

    CommitStreamEndpoint(StateService state, ApiMapper api, NodeLimits limits, Executor executor) {
        this.state = state;
        this.api = api;
        this.limits = limits;
        this.executor = executor;
    }

    @Override
    public StreamObserver<StreamedCommit> commitStream(StreamObserver<StreamedAnswer> observer) {
        Authority authority = Calls.caller().authority();
        var stream = new CommitStream(
                (ServerCallStreamObserver<StreamedAnswer>) observer, request -> commit(authority, request), executor);
        open.removeIf(CommitStream::isOver);
        open.add(stream);
        stream.start();
        return stream;
    }

    private CompletableFuture<CommitResponse> commit(Authority authority, StreamedCommit request) {
        if (!request.getCommit().hasTransaction()) {
            throw Refusals.invalid("transaction", "is not set");
        }
        long nanos = request.getTimeoutMs() == 0
                ? limits.callTimeout().toNanos()
                : Integer.toUnsignedLong(request.getTimeoutMs()) * NANOS_PER_MILLI;
        long bounded = Math.min(nanos, limits.callTimeoutMax().toNanos());
        var caller = new Caller(authority, Caller.Hop.LEADER_AWARE, System.nanoTime() + bounded);
        return state.commit(caller, api.transaction(request.getCommit())).thenApply(AnswerMapper::commit);
    }

    /** Ends every stream once it has answered what it has taken. */
    void stop() {
        open.forEach(CommitStream::stop);
    }
}
