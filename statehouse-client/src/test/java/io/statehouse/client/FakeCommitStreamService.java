package io.statehouse.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.CommitStreamServiceGrpc;
import io.statehouse.proto.v1.StatehouseError;
import io.statehouse.proto.v1.StreamedAnswer;
import io.statehouse.proto.v1.StreamedCommit;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Commits of a fake node that come over one call: each is done as its unary twin would be. */
final class FakeCommitStreamService extends CommitStreamServiceGrpc.CommitStreamServiceImplBase {
    private final FakeService service;

    /** Says that it does not know this call, as an earlier release would. */
    volatile boolean isUnknown;

    final AtomicInteger streams = new AtomicInteger();
    final AtomicInteger commits = new AtomicInteger();

    FakeCommitStreamService(FakeService service) {
        this.service = service;
    }

    @Override
    public StreamObserver<StreamedCommit> commitStream(StreamObserver<StreamedAnswer> caller) {
        streams.incrementAndGet();
        return new StreamObserver<>() {
            @Override
            public void onNext(StreamedCommit request) {
                if (isUnknown) {
                    caller.onError(Status.UNIMPLEMENTED.asRuntimeException());
                    return;
                }
                commits.incrementAndGet();
                FakeNode.askingForHints(
                        () -> service.commit(request.getCommit(), new OneAnswer(request.getNumber(), caller)));
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                caller.onCompleted();
            }
        };
    }

    /** The answer to one commit, as a message of the call. */
    private record OneAnswer(long number, StreamObserver<StreamedAnswer> caller)
            implements StreamObserver<CommitResponse> {
        @Override
        public void onNext(CommitResponse response) {
            send(StreamedAnswer.newBuilder().setCommitted(response));
        }

        @Override
        public void onError(Throwable failure) {
            try {
                var status = Objects.requireNonNull(StatusProto.fromThrowable(failure), "an error of ours");
                send(StreamedAnswer.newBuilder().setError(status.getDetails(0).unpack(StatehouseError.class)));
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        private void send(StreamedAnswer.Builder answer) {
            synchronized (caller) {
                try {
                    caller.onNext(answer.setNumber(number).build());
                } catch (StatusRuntimeException | IllegalStateException e) {
                    // The caller has gone, or this node has.
                }
            }
        }

        @Override
        public void onCompleted() {}
    }
}
