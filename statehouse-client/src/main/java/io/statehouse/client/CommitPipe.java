package io.statehouse.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.CommitStreamServiceGrpc;
import io.statehouse.proto.v1.StreamedAnswer;
import io.statehouse.proto.v1.StreamedCommit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Many commits to one endpoint over one call.
 *
 * <p>What must hold: each commit taken is heard of once; one that was sent when the call ends is in doubt.
 */
final class CommitPipe implements StreamObserver<StreamedAnswer> {
    /** As many as the server takes ahead of its answers; those beyond go by calls of their own. */
    static final int UNDER_WAY_MAX = 4_096;

    private final Executor callbacks;
    private final Runnable onUnsupported;
    private final SentOrNot sending = new SentOrNot();
    private final StreamObserver<StreamedCommit> requests;

    // Guarded by this.
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    private long lastNumber;
    private boolean isBroken;

    /** A commit that was taken and not heard of. */
    private record Waiting(Call.Hearer<CommitResponse> hearer, long deadlineNanos, Duration time) {}

    /**
     * @param callbacks runs what follows an answer, so that a callback which blocks does not keep the others from theirs
     * @param onUnsupported the endpoint does not know this call
     */
    CommitPipe(Channel channel, Executor callbacks, Runnable onUnsupported) {
        this.callbacks = callbacks;
        this.onUnsupported = onUnsupported;
        this.requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(
                        CommitStreamServiceGrpc.getCommitStreamMethod(),
                        CallOptions.DEFAULT.withStreamTracerFactory(sending)),
                this);
    }

    /** Sends a commit; false = it is full or broken, and the hearer hears nothing. */
    synchronized boolean take(CommitRequest commit, Duration time, Call.Hearer<CommitResponse> hearer) {
        if (isBroken || waiting.size() >= UNDER_WAY_MAX) {
            return false;
        }
        lastNumber++;
        waiting.put(lastNumber, new Waiting(hearer, System.nanoTime() + time.toNanos(), time));
        try {
            requests.onNext(StreamedCommit.newBuilder()
                    .setNumber(lastNumber)
                    .setCommit(commit)
                    .setTimeoutMs((int) Math.min(Integer.MAX_VALUE, Math.max(1, time.toMillis())))
                    .build());
            return true;
        } catch (IllegalStateException e) {
            // The call has ended and says so only now: this one was not sent.
            isBroken = true;
            waiting.remove(lastNumber);
            return false;
        }
    }

    @Override
    public void onNext(StreamedAnswer answer) {
        Waiting heard;
        synchronized (this) {
            heard = waiting.remove(answer.getNumber());
        }
        if (heard == null) {
            return;
        }
        tell(() -> {
            if (answer.hasCommitted()) {
                heard.hearer().answered(answer.getCommitted());
            } else {
                heard.hearer().failed(Verdict.of(answer.getError()));
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            onUnsupported.run();
            // Nobody has looked at what was sent.
            breakWith(Verdict.of(Status.UNAVAILABLE.withDescription("commits are not streamed here"), null, false));
        } else {
            breakWith(Verdict.of(Status.UNAVAILABLE.withDescription(status.toString()), null, sending.isSent()));
        }
    }

    @Override
    public void onCompleted() {
        breakWith(
                Verdict.of(Status.UNAVAILABLE.withDescription("the node has ended its stream of commits"), null, true));
    }

    private void breakWith(Verdict verdict) {
        List<Waiting> lost;
        synchronized (this) {
            isBroken = true;
            lost = new ArrayList<>(waiting.values());
            waiting.clear();
        }
        lost.forEach(commit -> tell(() -> commit.hearer().failed(verdict)));
    }

    private void tell(Runnable what) {
        try {
            callbacks.execute(what);
        } catch (RejectedExecutionException e) {
            // The client is closing; whoever waits must hear of it all the same.
            what.run();
        }
    }

    /** Ends the wait of commits whose time is over. */
    void expire(long nowNanos) {
        List<Waiting> late = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Waiting> each = waiting.values().iterator(); each.hasNext(); ) {
                Waiting commit = each.next();
                if (nowNanos - commit.deadlineNanos() >= 0) {
                    each.remove();
                    late.add(commit);
                }
            }
        }
        late.forEach(commit -> tell(() -> commit.hearer().failed(Verdict.unanswered(commit.time()))));
    }

    synchronized boolean isBroken() {
        return isBroken;
    }
}
