package io.statehouse.cluster.bench.wire;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Calls of gRPC that send bytes and get bytes, with no generated code. */
public final class BytesCall {
    /** etcd's put. */
    public static final MethodDescriptor<byte[], byte[]> ETCD_PUT = method("etcdserverpb.KV", "Put", MethodType.UNARY);

    /** etcd's read. */
    public static final MethodDescriptor<byte[], byte[]> ETCD_RANGE =
            method("etcdserverpb.KV", "Range", MethodType.UNARY);

    /** etcd's transaction. */
    public static final MethodDescriptor<byte[], byte[]> ETCD_TXN = method("etcdserverpb.KV", "Txn", MethodType.UNARY);

    /** etcd's word about itself. */
    public static final MethodDescriptor<byte[], byte[]> ETCD_STATUS =
            method("etcdserverpb.Maintenance", "Status", MethodType.UNARY);

    /** etcd's watch. */
    public static final MethodDescriptor<byte[], byte[]> ETCD_WATCH =
            method("etcdserverpb.Watch", "Watch", MethodType.BIDI_STREAMING);

    private static final int ANSWERS_AHEAD = 16;

    private BytesCall() {}

    private static MethodDescriptor<byte[], byte[]> method(String service, String name, MethodType type) {
        var bytes = new Bytes();
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .setType(type)
                .build();
    }

    /** Asks once. The future fails with a {@code StatusRuntimeException}. */
    public static CompletableFuture<byte[]> unary(
            Channel channel, MethodDescriptor<byte[], byte[]> method, CallOptions options, byte[] request) {
        ClientCall<byte[], byte[]> call = channel.newCall(method, options);
        var answer = new CompletableFuture<byte[]>();
        call.start(new UnaryListener(answer), new Metadata());
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
        return answer;
    }

    /**
     * Opens a stream with one request and hands over every answer, until one is told to be the last or the future is cancelled.
     */
    public static CompletableFuture<Void> stream(
            Channel channel, MethodDescriptor<byte[], byte[]> method, byte[] request, Predicate<byte[]> isLast) {
        ClientCall<byte[], byte[]> call = channel.newCall(method, CallOptions.DEFAULT);
        var done = new CompletableFuture<Void>();
        var unused = done.whenComplete((nothing, failure) -> {
            if (done.isCancelled()) {
                call.cancel("nobody listens any more", null);
            }
        });
        call.start(new StreamListener(call, isLast, done), new Metadata());
        call.request(ANSWERS_AHEAD);
        call.sendMessage(request);
        return done;
    }

    private static final class UnaryListener extends ClientCall.Listener<byte[]> {
        private final CompletableFuture<byte[]> answer;
        private byte[] message = {};

        UnaryListener(CompletableFuture<byte[]> answer) {
            this.answer = answer;
        }

        @Override
        public void onMessage(byte[] received) {
            message = received;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
                answer.complete(message);
            } else {
                answer.completeExceptionally(status.asRuntimeException(trailers));
            }
        }
    }

    private static final class StreamListener extends ClientCall.Listener<byte[]> {
        private final ClientCall<byte[], byte[]> call;
        private final Predicate<byte[]> isLast;
        private final CompletableFuture<Void> done;

        StreamListener(ClientCall<byte[], byte[]> call, Predicate<byte[]> isLast, CompletableFuture<Void> done) {
            this.call = call;
            this.isLast = isLast;
            this.done = done;
        }

        @Override
        public void onMessage(byte[] received) {
            if (isLast.test(received)) {
                done.complete(null);
                call.cancel("all of it has arrived", null);
            } else {
                call.request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            // Changes nothing if the last answer has come.
            done.completeExceptionally(status.asRuntimeException(trailers));
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
