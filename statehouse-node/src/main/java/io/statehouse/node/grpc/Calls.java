package io.statehouse.node.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.metrics.NodeMetrics;
import io.statehouse.node.service.AccessPolicy;
import io.statehouse.node.service.Authority;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.Trace;
import io.statehouse.node.tracing.Tracing;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every call has in common: its caller, its place among the calls under way, its end in an answer or an error. */
final class Calls implements ServerInterceptor {
    /** Set by a node that sends a call on to the leader; holds its name. */
    static final Metadata.Key<String> TO_LEADER =
            Metadata.Key.of("statehouse-forwarded", Metadata.ASCII_STRING_MARSHALLER);

    /** Set by a node that sends a call on to the home of its transaction; holds its name. */
    static final Metadata.Key<String> TO_HOME =
            Metadata.Key.of("statehouse-forwarded-home", Metadata.ASCII_STRING_MARSHALLER);

    /** Set to 1 by a client that wants to hear who leads instead. */
    private static final Metadata.Key<String> NO_FORWARD =
            Metadata.Key.of("statehouse-no-forward", Metadata.ASCII_STRING_MARSHALLER);

    /** Holds the token of the caller. */
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Holds the trace that the call belongs to, as W3C writes it. */
    static final Metadata.Key<String> TRACEPARENT = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    /** Tells a caller whose call failed what it is called in the logs of the nodes. */
    private static final Metadata.Key<String> TRACE =
            Metadata.Key.of("statehouse-trace", Metadata.ASCII_STRING_MARSHALLER);

    /** What stands before the token there. */
    static final String BEARER = "Bearer ";

    /** Up to so many calls under way, nobody waits for long behind an answer that is being sent. */
    static final int FEW = 4;

    private static final Context.Key<Caller> CALLER = Context.key("statehouse-caller");

    private final NodeLimits limits;
    private final NodeMetrics metrics;
    private final Executor executor;
    private final AccessPolicy policy;
    private final Tracing tracing;
    private final AtomicInteger underWay = new AtomicInteger();

    /** Those of them that end with one answer. */
    private final AtomicInteger unaryUnderWay = new AtomicInteger();

    Calls(NodeLimits limits, GrpcServer.Foundations foundations) {
        this.limits = limits;
        this.policy = foundations.policy();
        this.metrics = foundations.metrics();
        this.executor = foundations.executor();
        this.tracing = foundations.tracing();
        metrics.watchCalls(underWay::get);
    }

    /** Who makes the call that this thread works for. */
    static Caller caller() {
        return Objects.requireNonNull(CALLER.get(), "outside of a call");
    }

    /** What the call that this thread works for is called in the logs. */
    static Trace trace() {
        Caller caller = CALLER.get();
        return caller == null ? Trace.NONE : caller.authority().arrival().trace();
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        long arrived = System.nanoTime();
        int count = underWay.incrementAndGet();
        Tracing.Served served = tracing.begin(call.getMethodDescriptor().getFullMethodName(), headers.get(TRACEPARENT));
        Counted<Q, R> counted = new Counted<>(call, arrived, served);
        Caller caller;
        try {
            if (count > limits.callsMax()) {
                throw Refusals.overloaded("callsMax", limits.callsMax(), count);
            }
            caller = caller(policy.admit(arrival(call, headers, served.trace())), headers, arrived);
        } catch (RuntimeException e) {
            StatusRuntimeException refusal = StatusMapper.toStatus(e);
            counted.close(refusal.getStatus(), trailers(refusal));
            return new ServerCall.Listener<>() {};
        }
        Context context = Context.current().withValue(CALLER, caller);
        ServerCall.Listener<Q> listener = Contexts.interceptCall(context, counted, headers, next);
        return new EndingListener<>(listener, counted);
    }

    private static AccessPolicy.Arrival arrival(ServerCall<?, ?> call, Metadata headers, Trace trace) {
        return new AccessPolicy.Arrival(
                call.getMethodDescriptor().getFullMethodName(),
                headers.get(AUTHORIZATION),
                String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
                trace);
    }

    private Caller caller(Authority authority, Metadata headers, long arrived) {
        Deadline deadline = Context.current().getDeadline();
        long nanosLeft =
                deadline == null ? limits.callTimeout().toNanos() : deadline.timeRemaining(TimeUnit.NANOSECONDS);
        return new Caller(
                authority,
                hop(headers),
                arrived + Math.min(nanosLeft, limits.callTimeoutMax().toNanos()));
    }

    private static Caller.Hop hop(Metadata headers) {
        if (headers.containsKey(TO_LEADER)) {
            return Caller.Hop.AT_LEADER;
        }
        if (headers.containsKey(TO_HOME)) {
            return Caller.Hop.AT_HOME;
        }
        return "1".equals(headers.get(NO_FORWARD)) ? Caller.Hop.LEADER_AWARE : Caller.Hop.FREE;
    }

    static Metadata trailers(StatusRuntimeException refusal) {
        Metadata trailers = refusal.getTrailers();
        return trailers == null ? new Metadata() : trailers;
    }

    /** Counts its end once, be it an answer, an error or a cancellation. */
    private final class Counted<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final long arrived;
        private final Tracing.Served served;
        private final String rpc;
        private final boolean isStream;
        private final AtomicInteger ends = new AtomicInteger();

        private Counted(ServerCall<Q, R> call, long arrived, Tracing.Served served) {
            super(call);
            this.arrived = arrived;
            this.served = served;
            this.rpc = Objects.requireNonNull(call.getMethodDescriptor().getBareMethodName());
            this.isStream = call.getMethodDescriptor().getType() != MethodDescriptor.MethodType.UNARY;
            if (isStream) {
                metrics.streams(rpc, 1);
            } else {
                unaryUnderWay.incrementAndGet();
            }
        }

        @Override
        public void sendMessage(R message) {
            if (isStream) {
                metrics.streamed(rpc);
            }
            super.sendMessage(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            end(status.getCode());
            if (!status.isOk()) {
                // A call that was sent on has come back with the other node's word for it, which is the same.
                trailers.discardAll(TRACE);
                trailers.put(TRACE, served.trace().id());
            }
            super.close(status, trailers);
        }

        private void end(Status.Code code) {
            if (ends.getAndIncrement() == 0) {
                underWay.decrementAndGet();
                if (isStream) {
                    metrics.streams(rpc, -1);
                } else {
                    unaryUnderWay.decrementAndGet();
                }
                served.end(code.name());
                metrics.rpcEnded(rpc, code.name(), Duration.ofNanos(System.nanoTime() - arrived));
            }
        }
    }

    private static final class EndingListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Calls.Counted<Q, ?> call;

        private EndingListener(ServerCall.Listener<Q> listener, Calls.Counted<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onCancel() {
            call.end(Status.Code.CANCELLED);
            super.onCancel();
        }
    }

    /** Answers a call with what the work's future brings. */
    <R extends MessageLite> void answer(StreamObserver<R> observer, Supplier<CompletableFuture<R>> work) {
        // Without a handler an answer to a caller who has gone would be thrown back at us.
        ((ServerCallStreamObserver<R>) observer).setOnCancelHandler(() -> {});
        CompletableFuture<R> future;
        try {
            future = work.get();
        } catch (RuntimeException e) {
            observer.onError(StatusMapper.toStatus(e));
            return;
        }
        Context context = Context.current();
        // A future that waits is completed by a thread that belongs to the log.
        var unused = future.isDone()
                ? future.whenComplete((response, failure) -> finish(observer, response, failure))
                : future.whenComplete((response, failure) ->
                        sender().execute(context.wrap(() -> finish(observer, response, failure))));
    }

    /**
     * A lone answer is sent by the thread that brings it, which spares waking another: sending only puts it before the
     * connection. Where there are many, that thread has the others' to bring.
     */
    private Executor sender() {
        return unaryUnderWay.get() <= FEW ? Runnable::run : executor;
    }

    /** Answers a call with what the work returns. */
    <R extends MessageLite> void answerNow(StreamObserver<R> observer, Supplier<R> work) {
        answer(observer, () -> CompletableFuture.completedFuture(work.get()));
    }

    private <R extends MessageLite> void finish(
            StreamObserver<R> observer, @Nullable R response, @Nullable Throwable failure) {
        if (failure != null || response == null) {
            observer.onError(StatusMapper.toStatus(failure == null ? new NullPointerException("no answer") : failure));
        } else if (response.getSerializedSize() > limits.responseBytesMax()) {
            observer.onError(StatusMapper.toStatus(Refusals.limitExceeded(
                    "responseBytesMax", limits.responseBytesMax(), response.getSerializedSize())));
        } else {
            observer.onNext(response);
            observer.onCompleted();
        }
    }
}
