package io.statehouse.node.grpc;

import io.grpc.stub.StreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.Authority;
import io.statehouse.node.service.StateService;
import io.statehouse.proto.v1.ReadStreamServiceGrpc;
import io.statehouse.proto.v1.StreamedRead;
import io.statehouse.proto.v1.StreamedReadAnswer;
import java.util.concurrent.Executor;

/** The call that carries many reads. */
final class ReadStreamEndpoint extends ReadStreamServiceGrpc.ReadStreamServiceImplBase {
    private final StateService state;
    private final StateReads reads;
    private final NodeLimits limits;
    private final Tally tally;
    private final Executor executor;
    private final OpenStreams open = new OpenStreams();

    ReadStreamEndpoint(StateService state, StateReads reads, NodeLimits limits, Tally tally, Executor executor) {
        this.state = state;
        this.reads = reads;
        this.limits = limits;
        this.tally = tally;
        this.executor = executor;
    }

    @Override
    public StreamObserver<StreamedRead> readStream(StreamObserver<StreamedReadAnswer> observer) {
        Authority authority = Calls.caller().authority();
        return open.start(
                new CallStream<>(observer, new GatheredReads(state, reads, limits, authority, tally), executor));
    }

    /** Ends every stream once it has answered what it has taken. */
    void stop() {
        open.stop();
    }
}
