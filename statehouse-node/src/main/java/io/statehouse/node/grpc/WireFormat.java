package io.statehouse.node.grpc;

import com.google.protobuf.Message;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.statehouse.node.service.Refusals;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages as deep as values may be, and turns bytes that are no message into an answer.
 *
 * <p>Protobuf's own recursion limit of 100 ends at a JSON depth of 33. And a message that gRPC cannot parse ends a call
 * with an unknown error before any of our code is asked; so parsing is carried in the message type, and its failure is
 * answered where the handler would start.
 */
final class WireFormat {
    /** A level of JSON is at most three messages deep: Struct, its map entry, Value. */
    private static final int MESSAGES_PER_LEVEL = 3;

    /** Messages around a value: request, transaction, operation. */
    private static final int MESSAGES_AROUND = 8;

    private final int recursionMax;

    WireFormat(int jsonDepthMax) {
        this.recursionMax = jsonDepthMax * MESSAGES_PER_LEVEL + MESSAGES_AROUND;
    }

    /** A request, or why it could not be read. */
    private record Incoming<Q>(
            @Nullable Q message, @Nullable Throwable failure) {}

    /** The same service, reading its requests here. */
    ServerServiceDefinition reading(ServerServiceDefinition service) {
        ServerServiceDefinition.Builder reading =
                ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
        service.getMethods().forEach(method -> reading.addMethod(reading(method)));
        return reading.build();
    }

    private <Q, R> ServerMethodDefinition<Incoming<Q>, R> reading(ServerMethodDefinition<Q, R> method) {
        MethodDescriptor<Q, R> plain = method.getMethodDescriptor();
        Marshaller<Incoming<Q>> requests = new IncomingMarshaller<>(deep(plain.getRequestMarshaller()));
        MethodDescriptor<Incoming<Q>, R> descriptor =
                plain.toBuilder(requests, plain.getResponseMarshaller()).build();
        return ServerMethodDefinition.create(descriptor, handler(plain, method.getServerCallHandler()));
    }

    /** The same method for a client, with responses as deep as values may be. */
    <Q, R> MethodDescriptor<Q, R> deep(MethodDescriptor<Q, R> method) {
        return method.toBuilder(method.getRequestMarshaller(), deep(method.getResponseMarshaller()))
                .build();
    }

    @SuppressWarnings("unchecked") // the prototype of a Marshaller<T> is a T
    private <T> Marshaller<T> deep(Marshaller<T> marshaller) {
        if (marshaller instanceof PrototypeMarshaller<T> typed
                && typed.getMessagePrototype() instanceof Message message) {
            return (Marshaller<T>) ProtoUtils.marshallerWithRecursionLimit(message, recursionMax);
        }
        return marshaller;
    }

    private record IncomingMarshaller<Q>(Marshaller<Q> marshaller) implements Marshaller<Incoming<Q>> {
        @Override
        public InputStream stream(Incoming<Q> incoming) {
            throw new UnsupportedOperationException("a server sends no requests");
        }

        @Override
        public Incoming<Q> parse(InputStream stream) {
            try {
                return new Incoming<>(marshaller.parse(stream), null);
            } catch (StatusRuntimeException e) {
                return new Incoming<>(null, e.getCause() == null ? e : e.getCause());
            }
        }
    }

    private static <Q, R> ServerCallHandler<Incoming<Q>, R> handler(
            MethodDescriptor<Q, R> method, ServerCallHandler<Q, R> next) {
        return (call, headers) -> {
            PlainCall<Q, R> plainCall = new PlainCall<>(method, call);
            return new IncomingListener<>(plainCall, next.startCall(plainCall, headers));
        };
    }

    private static final class IncomingListener<Q> extends ServerCall.Listener<Incoming<Q>> {
        private final ServerCall<Q, ?> call;
        private final ServerCall.Listener<Q> next;
        private boolean isRefused;

        private IncomingListener(ServerCall<Q, ?> call, ServerCall.Listener<Q> next) {
            this.call = call;
            this.next = next;
        }

        @Override
        public void onMessage(Incoming<Q> incoming) {
            Q message = incoming.message();
            if (message != null) {
                next.onMessage(message);
                return;
            }
            isRefused = true;
            Throwable failure = incoming.failure();
            StatusRuntimeException answer = StatusMapper.toStatus(Refusals.invalid(
                    "request", "not a readable message: " + (failure == null ? "" : failure.getMessage())));
            Metadata trailers = answer.getTrailers();
            call.close(answer.getStatus(), trailers == null ? new Metadata() : trailers);
        }

        @Override
        public void onHalfClose() {
            if (!isRefused) {
                next.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            next.onCancel();
        }

        @Override
        public void onComplete() {
            next.onComplete();
        }

        @Override
        public void onReady() {
            next.onReady();
        }
    }

    /** The call as its handler knows it: with plain requests. */
    private static final class PlainCall<Q, R> extends ServerCall<Q, R> {
        private final MethodDescriptor<Q, R> method;
        private final ServerCall<?, R> call;

        private PlainCall(MethodDescriptor<Q, R> method, ServerCall<?, R> call) {
            this.method = method;
            this.call = call;
        }

        @Override
        public void request(int count) {
            call.request(count);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            call.sendHeaders(headers);
        }

        @Override
        public void sendMessage(R message) {
            call.sendMessage(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            call.close(status, trailers);
        }

        @Override
        public boolean isCancelled() {
            return call.isCancelled();
        }

        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void setCompression(String compressor) {
            call.setCompression(compressor);
        }

        @Override
        public void setMessageCompression(boolean enabled) {
            call.setMessageCompression(enabled);
        }

        @Override
        public void setOnReadyThreshold(int bytes) {
            call.setOnReadyThreshold(bytes);
        }

        @Override
        public Attributes getAttributes() {
            return call.getAttributes();
        }

        @Override
        public @Nullable String getAuthority() {
            return call.getAuthority();
        }

        @Override
        public SecurityLevel getSecurityLevel() {
            return call.getSecurityLevel();
        }

        @Override
        public MethodDescriptor<Q, R> getMethodDescriptor() {
            return method;
        }
    }
}
