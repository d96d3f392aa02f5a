package io.statehouse.node.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.statehouse.node.service.HistoryCursor;
import io.statehouse.node.service.Refusals;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.statemachine.event.CommittedTransaction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Sends a replay as fast as its reader takes it: one page at a time, and none while the reader is busy.
 *
 * <p>A reader that pauses costs what gRPC has buffered for it, a page beyond what gRPC calls ready, and a cursor; one
 * that leaves stops the work at the next page. Each page is a task of its own, so many streams share the threads fairly.
 */
final class ReplayStream {
    private final ServerCallStreamObserver<ReplayEvent> observer;
    private final EventMapper mapper;
    private final int messageBytesMax;
    private final Steps steps;

    private volatile @Nullable HistoryCursor cursor;
    private volatile boolean isOver;

    ReplayStream(
            ServerCallStreamObserver<ReplayEvent> observer,
            EventMapper mapper,
            int messageBytesMax,
            Executor executor) {
        this.observer = observer;
        this.mapper = mapper;
        this.messageBytesMax = messageBytesMax;
        this.steps = new Steps(executor, this::sendPage, this::fail);
    }

    /** Must be called before the call's handler returns. */
    void start(CompletableFuture<HistoryCursor> opened) {
        observer.setOnReadyHandler(this::wake);
        observer.setOnCancelHandler(() -> isOver = true);
        var unused = opened.whenComplete((opening, failure) -> {
            if (failure != null) {
                fail(failure);
            } else {
                cursor = opening;
                wake();
            }
        });
    }

    private void wake() {
        if (cursor != null) {
            steps.wake();
        }
    }

    /** Sends up to a page; answers whether there is more to do at once. */
    private boolean sendPage() {
        HistoryCursor events = cursor;
        if (isOver || events == null) {
            return false;
        }
        if (!events.isDone() && observer.isReady()) {
            events.advance(this::send);
        }
        if (isOver) {
            return false;
        }
        if (events.isDone()) {
            isOver = true;
            observer.onCompleted();
            return false;
        }
        return observer.isReady();
    }

    private void send(CommittedTransaction transaction) {
        for (ReplayEvent message : mapper.events(transaction)) {
            if (message.getSerializedSize() > messageBytesMax) {
                throw Refusals.limitExceeded("responseBytesMax", messageBytesMax, message.getSerializedSize());
            }
            if (!isOver) {
                observer.onNext(message);
            }
        }
    }

    private void fail(Throwable failure) {
        if (!isOver) {
            isOver = true;
            observer.onError(StatusMapper.toStatus(failure));
        }
    }
}
