package io.statehouse.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.ReadStreamServiceGrpc;
import io.statehouse.proto.v1.StatehouseError;
import io.statehouse.proto.v1.StreamedRead;
import io.statehouse.proto.v1.StreamedReadAnswer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Reads of a fake node that come over one call: each is done as its unary twin would be. */
final class FakeReadStreamService extends ReadStreamServiceGrpc.ReadStreamServiceImplBase {
    private final FakeService service;

    /** Says that it does not know this call, as an earlier release would. */
    volatile boolean isUnknown;

    /** With this every call is refused before anything in it is looked at; null = none is. */
    volatile @Nullable StatusRuntimeException refusal;

    final AtomicInteger streams = new AtomicInteger();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();

    FakeReadStreamService(FakeService service) {
        this.service = service;
    }

    @Override
    public StreamObserver<StreamedRead> readStream(StreamObserver<StreamedReadAnswer> caller) {
        streams.incrementAndGet();
        return new StreamObserver<>() {
            @Override
            public void onNext(StreamedRead request) {
                StatusRuntimeException refused = refusal;
                if (refused != null) {
                    caller.onError(refused);
                    return;
                }
                if (isUnknown) {
                    caller.onError(Status.UNIMPLEMENTED.asRuntimeException());
                    return;
                }
                reads.incrementAndGet();
                service.getState(request.getGet(), new OneAnswer(request.getNumber(), caller));
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                ended.incrementAndGet();
                caller.onCompleted();
            }
        };
    }

    /** The answer to one read, as a message of the call. */
    private record OneAnswer(long number, StreamObserver<StreamedReadAnswer> caller)
            implements StreamObserver<GetStateResponse> {
        @Override
        public void onNext(GetStateResponse response) {
            send(StreamedReadAnswer.newBuilder().setState(response));
        }

        @Override
        public void onError(Throwable failure) {
            try {
                var status = Objects.requireNonNull(StatusProto.fromThrowable(failure), "an error of ours");
                send(StreamedReadAnswer.newBuilder()
                        .setError(status.getDetails(0).unpack(StatehouseError.class)));
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        private void send(StreamedReadAnswer.Builder answer) {
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
