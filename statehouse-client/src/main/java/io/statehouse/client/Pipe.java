package io.statehouse.client;

import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Many requests of one kind to one endpoint over one call.
 *
 * <p>What must hold: each request taken is heard of once; one that was sent when the call ends is in doubt.
 */
final class Pipe<Q extends MessageLite, R, S, A> implements ClientResponseObserver<S, A> {
    /** As many as the server takes ahead of its answers; those beyond go by calls of their own. */
    static final int UNDER_WAY_MAX = 4_096;

    /** Larger requests go by calls of their own: while one is written, nobody else's can be. */
    static final int REQUEST_BYTES_MAX = 64 << 10;

    /** A node that does not know the call may be another release by then. */
    static final Duration UNKNOWN_FOR = Duration.ofMinutes(1);

    /** Time for a request or an answer that is too large to be refused by itself. */
    static final Duration TOO_LARGE_FOR = Duration.ofSeconds(1);

    /** Answers are asked for ahead, so many at once: to ask for each wakes the thread of the connection. */
    private static final int ANSWERS_PER_REQUEST = UNDER_WAY_MAX / 4;

    /** A call over which nothing went for so long is ended. */
    static final Duration IDLE_MAX = Duration.ofSeconds(10);

    private final PipeKind<Q, R, S, A> kind;
    private final Executor callbacks;
    private final Consumer<Duration> onUnfit;
    private final SentOrNot sending = new SentOrNot();
    private final StreamObserver<S> requests;
    private @Nullable ClientCallStreamObserver<S> call;

    /** Answers since more were asked for; answers come one after another. */
    private int answersTaken;

    // Guarded by this.
    private final Map<Long, Waiting<R>> waiting = new LinkedHashMap<>();
    private long lastNumber;
    private boolean isBroken;
    private long usedNanos = System.nanoTime();

    /** Something was answered, so the call was not refused. */
    private volatile boolean isAnswering;

    /** A request that was taken and not heard of. */
    private record Waiting<R>(Call.Hearer<R> hearer, long deadlineNanos, Duration time) {}

    /**
     * @param callbacks runs what follows an answer, so that a callback which blocks does not keep the others from theirs
     * @param onUnfit for so long requests had better go to the endpoint by calls of their own
     */
    Pipe(PipeKind<Q, R, S, A> kind, Channel channel, Executor callbacks, Consumer<Duration> onUnfit) {
        this.kind = kind;
        this.callbacks = callbacks;
        this.onUnfit = onUnfit;
        // Others will share the call, so it must not end with whatever call its first user is in.
        Context users = Context.ROOT.attach();
        try {
            this.requests = ClientCalls.asyncBidiStreamingCall(
                    // What follows an answer has threads of its own; up to there it is short.
                    channel.newCall(
                            kind.method(),
                            CallOptions.DEFAULT.withStreamTracerFactory(sending).withExecutor(Runnable::run)),
                    this);
        } finally {
            Context.ROOT.detach(users);
        }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<S> call) {
        call.disableAutoRequestWithInitial(UNDER_WAY_MAX);
        this.call = call;
    }

    /** Sends a request; false = it is too large, or this is full or broken, and the hearer hears nothing. */
    synchronized boolean take(Q request, Duration time, Call.Hearer<R> hearer) {
        if (isBroken || waiting.size() >= UNDER_WAY_MAX || request.getSerializedSize() > REQUEST_BYTES_MAX) {
            return false;
        }
        lastNumber++;
        usedNanos = System.nanoTime();
        waiting.put(lastNumber, new Waiting<>(hearer, usedNanos + time.toNanos(), time));
        try {
            int timeoutMillis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, time.toMillis()));
            requests.onNext(kind.request(lastNumber, request, timeoutMillis));
            return true;
        } catch (IllegalStateException e) {
            // The call has ended and says so only now: this one was not sent.
            isBroken = true;
            boolean hasHeard = waiting.remove(lastNumber) == null;
            return hasHeard;
        }
    }

    @Override
    public void onNext(A answer) {
        isAnswering = true;
        answersTaken++;
        if (answersTaken == ANSWERS_PER_REQUEST) {
            answersTaken = 0;
            Objects.requireNonNull(call).request(ANSWERS_PER_REQUEST);
        }
        Waiting<R> heard;
        synchronized (this) {
            heard = waiting.remove(kind.number(answer));
        }
        if (heard == null) {
            return;
        }
        tell(() -> {
            R response = kind.response(answer);
            if (response == null) {
                heard.hearer().failed(Verdict.of(kind.error(answer)));
            } else {
                heard.hearer().answered(response);
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        Verdict refusal = Verdict.ofCallNotLetIn(status, Status.trailersFromThrowable(failure));
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            onUnfit.accept(UNKNOWN_FOR);
            // Nobody has looked at what was sent.
            breakWith(Verdict.of(
                    Status.UNAVAILABLE.withDescription(kind.name() + " are not streamed here"), null, false));
        } else if (refusal != null && !isAnswering) {
            breakWith(refusal);
        } else {
            if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
                onUnfit.accept(TOO_LARGE_FOR);
            }
            breakWith(Verdict.of(unavailable(status), null, sending.isSent()));
        }
    }

    /** Whatever has ended the call, each request in it may be tried again. */
    private static Status unavailable(Status status) {
        return status.getCode() == Status.Code.UNAVAILABLE
                ? status
                : Status.UNAVAILABLE.withDescription(Verdict.describe(status)).withCause(status.getCause());
    }

    @Override
    public void onCompleted() {
        breakWith(Verdict.of(
                Status.UNAVAILABLE.withDescription("the node has ended its stream of " + kind.name()), null, true));
    }

    private void breakWith(Verdict verdict) {
        List<Waiting<R>> lost;
        synchronized (this) {
            isBroken = true;
            lost = new ArrayList<>(waiting.values());
            waiting.clear();
        }
        lost.forEach(request -> tell(() -> request.hearer().failed(verdict)));
    }

    private void tell(Runnable what) {
        try {
            callbacks.execute(what);
        } catch (RejectedExecutionException e) {
            // The client is closing; whoever waits must hear of it all the same.
            what.run();
        }
    }

    /** Ends the wait of requests whose time is over. */
    void expire(long nowNanos) {
        List<Waiting<R>> late = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Waiting<R>> each = waiting.values().iterator(); each.hasNext(); ) {
                Waiting<R> request = each.next();
                if (nowNanos - request.deadlineNanos() >= 0) {
                    each.remove();
                    late.add(request);
                }
            }
        }
        late.forEach(request -> tell(() -> request.hearer().failed(Verdict.unanswered(request.time()))));
    }

    /** Ends the call if nothing went over it for long; whether it has ended. */
    synchronized boolean endIfIdle(long nowNanos) {
        if (!isBroken && waiting.isEmpty() && nowNanos - usedNanos > IDLE_MAX.toNanos()) {
            isBroken = true;
            requests.onCompleted();
        }
        return isBroken;
    }

    synchronized boolean isBroken() {
        return isBroken;
    }
}
