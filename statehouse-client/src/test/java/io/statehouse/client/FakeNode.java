package io.statehouse.client;

import com.google.protobuf.Any;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.StatehouseError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node on a real loopback port that does as its script says. */
final class FakeNode implements AutoCloseable {
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(10);
    private static final Context.Key<Boolean> ASKED_FOR_HINTS = Context.key("asked for hints");

    /** What a node does with a call. */
    enum Deed {
        /** Does it and answers. */
        ANSWER,
        /** Does it and dies before it has answered. */
        DO_AND_DIE,
        /** Does it and never answers. */
        DO_AND_BE_SILENT,
        /** Never answers, does nothing. */
        BE_SILENT,
        /** Says that the {@link #leader} leads; forwards, which here means does it, for callers that ask for no hints. */
        NAME_LEADER,
        /** Says that nobody leads. */
        NOT_READY,
        /** Answers the {@link #failure}. */
        FAIL
    }

    private final FakeService service;
    private final FakeClusterService cluster;
    private final FakeWatchService watches;
    private final FakeCommitStreamService streams;
    private final FakeReadStreamService reads;
    private final int port;
    private @Nullable Server server;

    private volatile String silentCall = "";
    volatile Deed deed = Deed.ANSWER;
    volatile String leader = "";
    volatile StatusRuntimeException failure = Status.UNAVAILABLE.asRuntimeException();
    final List<String> commitIds = new CopyOnWriteArrayList<>();
    final List<String> calls = new CopyOnWriteArrayList<>();

    FakeNode(FakeState state) {
        this.service = new FakeService(this, state);
        this.cluster = new FakeClusterService(this);
        this.watches = new FakeWatchService(this, state);
        this.streams = new FakeCommitStreamService(service);
        this.reads = new FakeReadStreamService(service);
        this.port = start(0);
    }

    FakeService service() {
        return service;
    }

    FakeCommitStreamService streams() {
        return streams;
    }

    FakeReadStreamService reads() {
        return reads;
    }

    FakeWatchService watches() {
        return watches;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    boolean isRunning() {
        Server running = server;
        return running != null && !running.isShutdown();
    }

    /** Does calls of this name without answering them, and answers all others. */
    void silentFor(String call) {
        silentCall = call;
    }

    Deed deed(String call) {
        return call.equals(silentCall) ? Deed.DO_AND_BE_SILENT : deed;
    }

    void restart() {
        start(port);
    }

    private int start(int wanted) {
        Server started = Grpc.newServerBuilderForPort(wanted, InsecureServerCredentials.create())
                .addService(service)
                .addService(cluster)
                .addService(watches)
                .addService(streams)
                .addService(reads)
                .intercept(new Recorder())
                .build();
        try {
            server = started.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return started.getPort();
    }

    /** Dies at once: every connection is cut. */
    void die() {
        Server running = server;
        if (running != null) {
            running.shutdownNow();
        }
    }

    @Override
    public void close() {
        Server running = server;
        if (running == null) {
            return;
        }
        running.shutdownNow();
        try {
            if (!running.awaitTermination(STOPPED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("a fake node did not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever streams its commits follows hints. */
    static void askingForHints(Runnable deed) {
        Context.current().withValue(ASKED_FOR_HINTS, true).run(deed);
    }

    static boolean callerAskedForHints() {
        return Boolean.TRUE.equals(ASKED_FOR_HINTS.get());
    }

    /** An error as a real node sends it: a status with our message in its details. */
    static StatusRuntimeException error(ErrorCode code, String message, Map<String, String> details) {
        var error = StatehouseError.newBuilder()
                .setCode(code)
                .setMessage(message)
                .putAllDetails(details)
                .build();
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(statusOf(code).value())
                .setMessage(message)
                .addDetails(Any.pack(error))
                .build());
    }

    private static Status.Code statusOf(ErrorCode code) {
        return switch (code) {
            case CONFLICT, NOT_APPLICABLE, TXN_LOST, TXN_ABORTED -> Status.Code.ABORTED;
            case NOT_LEADER, NOT_READY -> Status.Code.UNAVAILABLE;
            case LIMIT_EXCEEDED, OVERLOADED, STORAGE_FULL, QUOTA_EXCEEDED -> Status.Code.RESOURCE_EXHAUSTED;
            case TXN_ID_REUSED, TXN_ALREADY_COMMITTED, CHANGE_REFUSED, RULE_BROKEN, FENCED ->
                Status.Code.FAILED_PRECONDITION;
            case TXN_EXPIRED, TXN_ID_EXPIRED -> Status.Code.DEADLINE_EXCEEDED;
            case TXN_NOT_FOUND, KEY_NOT_FOUND, VERSION_NOT_FOUND -> Status.Code.NOT_FOUND;
            case COMPACTED, FUTURE_POINT -> Status.Code.OUT_OF_RANGE;
            case INVALID_REQUEST -> Status.Code.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
            case PERMISSION_DENIED -> Status.Code.PERMISSION_DENIED;
            case STORAGE_ERROR, INTERNAL_ERROR -> Status.Code.INTERNAL;
            case UNKNOWN, OUTCOME_UNKNOWN, UNRECOGNIZED -> Status.Code.UNKNOWN;
        };
    }

    /** Notes which calls came and whether they wanted to be forwarded. */
    private final class Recorder implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            calls.add(String.valueOf(call.getMethodDescriptor().getBareMethodName()));
            boolean asked = "1".equals(headers.get(RunningCall.NO_FORWARD));
            return Contexts.interceptCall(Context.current().withValue(ASKED_FOR_HINTS, asked), call, headers, next);
        }
    }
}
