package io.statehouse.node.grpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.service.Refusals;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.StreamedAnswer;
import io.statehouse.proto.v1.StreamedCommit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call with many commits: takes requests only as far ahead of its answers as its bound allows, and sends answers as they
 * come, as many at once as there are.
 */
final class CommitStream implements StreamObserver<StreamedCommit> {
    /** Requests taken and not answered; the caller's further ones wait in its own memory. */
    static final int UNDER_WAY_MAX = 4_096;

    private final ServerCallStreamObserver<StreamedAnswer> observer;
    private final Function<StreamedCommit, CompletableFuture<CommitResponse>> commit;
    private final Executor executor;
    private final ConcurrentLinkedQueue<StreamedAnswer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();

    /** Above zero while answers are sent or waited to be; so that one thread sends, and no answer is left behind. */
    private final AtomicInteger wakeUps = new AtomicInteger();

    private volatile boolean isEnding;
    private volatile boolean isOver;

    /** @param commit begins a commit; it may throw what its future may fail with */
    CommitStream(
            ServerCallStreamObserver<StreamedAnswer> observer,
            Function<StreamedCommit, CompletableFuture<CommitResponse>> commit,
            Executor executor) {
        this.observer = observer;
        this.commit = commit;
        this.executor = executor;
    }

    /** Must be called before the call's handler returns. */
    void start() {
        observer.disableAutoRequest();
        observer.setOnReadyHandler(this::wake);
        observer.setOnCancelHandler(() -> isOver = true);
        observer.request(UNDER_WAY_MAX);
    }

    @Override
    public void onNext(StreamedCommit request) {
        underWay.incrementAndGet();
        var unused = begin(request).whenComplete((response, failure) -> {
            answers.add(answer(request.getNumber(), response, failure));
            wake();
        });
    }

    private CompletableFuture<CommitResponse> begin(StreamedCommit request) {
        try {
            if (isEnding) {
                throw Refusals.notReady("this node is stopping");
            }
            return commit.apply(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static StreamedAnswer answer(long number, @Nullable CommitResponse response, @Nullable Throwable failure) {
        StreamedAnswer.Builder answer = StreamedAnswer.newBuilder().setNumber(number);
        if (response != null) {
            return answer.setCommitted(response).build();
        }
        return answer.setError(StatusMapper.toError(failure == null ? new NullPointerException("no answer") : failure))
                .build();
    }

    /** The caller sends no more. */
    @Override
    public void onCompleted() {
        stop();
    }

    @Override
    public void onError(Throwable failure) {
        isOver = true;
    }

    /** Takes nothing new, and ends when everything taken is answered. */
    void stop() {
        isEnding = true;
        wake();
    }

    boolean isOver() {
        return isOver;
    }

    private void wake() {
        if (wakeUps.getAndIncrement() == 0) {
            try {
                executor.execute(this::send);
            } catch (RejectedExecutionException e) {
                end(Status.UNAVAILABLE.withDescription("this node has stopped"));
            }
        }
    }

    private void send() {
        int seen;
        do {
            seen = wakeUps.get();
            int sent = 0;
            while (!isOver && observer.isReady()) {
                StreamedAnswer next = answers.poll();
                if (next == null) {
                    break;
                }
                observer.onNext(next);
                sent++;
            }
            if (sent > 0) {
                observer.request(sent);
            }
            if (underWay.addAndGet(-sent) == 0 && isEnding) {
                end(Status.OK);
            }
        } while (wakeUps.addAndGet(-seen) != 0);
    }

    /** Only the thread that sends ends it, or nobody does any more. */
    private void end(Status status) {
        if (isOver) {
            return;
        }
        isOver = true;
        if (status.isOk()) {
            observer.onCompleted();
        } else {
            observer.onError(status.asRuntimeException());
        }
    }
}
