package io.statehouse.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Many requests of one kind to one endpoint over one call.
 *
 * <p>What must hold: each request taken is heard of once; one that was sent when the call ends is in doubt.
 */
final class Pipe<Q, R, S, A> implements StreamObserver<A> {
    /** As many as the server takes ahead of its answers; those beyond go by calls of their own. */
    static final int UNDER_WAY_MAX = 4_096;

    private final PipeKind<Q, R, S, A> kind;
    private final Executor callbacks;
    private final Runnable onUnsupported;
    private final SentOrNot sending = new SentOrNot();
    private final StreamObserver<S> requests;

    // Guarded by this.
    private final Map<Long, Waiting<R>> waiting = new LinkedHashMap<>();
    private long lastNumber;
    private boolean isBroken;

    /** Something was answered, so the call was not refused. */
    private volatile boolean isAnswering;

    /** A request that was taken and not heard of. */
    private record Waiting<R>(Call.Hearer<R> hearer, long deadlineNanos, Duration time) {}

    /**
     * @param callbacks runs what follows an answer, so that a callback which blocks does not keep the others from theirs
     * @param onUnsupported the endpoint does not know this call
     */
    Pipe(PipeKind<Q, R, S, A> kind, Channel channel, Executor callbacks, Runnable onUnsupported) {
        this.kind = kind;
        this.callbacks = callbacks;
        this.onUnsupported = onUnsupported;
        this.requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(kind.method(), CallOptions.DEFAULT.withStreamTracerFactory(sending)), this);
    }

    /** Sends a request; false = it is full or broken, and the hearer hears nothing. */
    synchronized boolean take(Q request, Duration time, Call.Hearer<R> hearer) {
        if (isBroken || waiting.size() >= UNDER_WAY_MAX) {
            return false;
        }
        lastNumber++;
        waiting.put(lastNumber, new Waiting<>(hearer, System.nanoTime() + time.toNanos(), time));
        try {
            int timeoutMillis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, time.toMillis()));
            requests.onNext(kind.request(lastNumber, request, timeoutMillis));
            return true;
        } catch (IllegalStateException e) {
            // The call has ended and says so only now: this one was not sent.
            isBroken = true;
            waiting.remove(lastNumber);
            return false;
        }
    }

    @Override
    public void onNext(A answer) {
        isAnswering = true;
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
            onUnsupported.run();
            // Nobody has looked at what was sent.
            breakWith(Verdict.of(
                    Status.UNAVAILABLE.withDescription(kind.name() + " are not streamed here"), null, false));
        } else if (refusal != null && !isAnswering) {
            breakWith(refusal);
        } else {
            breakWith(Verdict.of(Status.UNAVAILABLE.withDescription(status.toString()), null, sending.isSent()));
        }
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

    synchronized boolean isBroken() {
        return isBroken;
    }
}
