package io.statehouse.node.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.WatchCursor;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.WatchResponse;
import io.statehouse.statemachine.event.CommittedTransaction;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends a watch: what has happened as fast as its reader takes it, then each commit when it is applied here.
 *
 * <p>While its reader is busy or nothing happens it holds a cursor and one wait. A reader that takes nothing for too long is
 * told where to resume and closed, so that it cannot hold on to this node for ever.
 */
final class WatchStream {
    private final ServerCallStreamObserver<WatchResponse> observer;
    private final EventMapper mapper;
    private final Steps steps;
    private final Bounds bounds;

    private volatile @Nullable WatchCursor cursor;
    /** Set, and the stream ended, under the observer's monitor: this node may stop while a step sends. */
    private volatile boolean isOver;

    /** What is waited for; only a step replaces it. */
    private volatile CompletableFuture<Void> wait = CompletableFuture.completedFuture(null);

    // Only for steps.
    private long saidNanos = System.nanoTime();
    private long tookNanos = System.nanoTime();
    private long inTouchNanos = System.nanoTime();
    private boolean hasGreeted;

    /**
     * @param messageBytesMax largest message a client accepts
     * @param progress a mark at least this often while nothing matches
     * @param stallMax how long a reader may take nothing
     * @param leaderlessMax how long this node may know no leader before its readers are sent elsewhere
     */
    record Bounds(int messageBytesMax, Duration progress, Duration stallMax, Duration leaderlessMax) {
        /** How long it may wait without looking around. */
        Duration waitMax() {
            return progress.compareTo(leaderlessMax) < 0 ? progress : leaderlessMax;
        }
    }

    WatchStream(
            ServerCallStreamObserver<WatchResponse> observer, EventMapper mapper, Executor executor, Bounds bounds) {
        this.observer = observer;
        this.mapper = mapper;
        this.steps = new Steps(executor, this::sendPage, this::fail);
        this.bounds = bounds;
    }

    /** Must be called before the call's handler returns. */
    void start(CompletableFuture<WatchCursor> opened) {
        observer.setOnReadyHandler(this::wake);
        observer.setOnCancelHandler(this::leave);
        var unused = opened.whenComplete((opening, failure) -> {
            if (failure != null) {
                fail(failure);
            } else {
                cursor = opening;
                wake();
            }
        });
    }

    /** Ends it because this node stops; the reader goes on elsewhere. */
    void stop() {
        fail(Refusals.notReady("this node is stopping"));
    }

    boolean isOver() {
        return isOver;
    }

    private void leave() {
        isOver = true;
        wait.cancel(false);
    }

    private void wake() {
        if (cursor != null) {
            steps.wake();
        }
    }

    /** Sends up to a page; answers whether there is more to do at once. */
    private boolean sendPage() {
        WatchCursor events = cursor;
        if (isOver || events == null) {
            return false;
        }
        if (!observer.isReady()) {
            requireReader(events);
            awaitAtMost(new CompletableFuture<>(), bounds.stallMax);
            return false;
        }
        tookNanos = System.nanoTime();
        events.advance(this::send);
        if (isOver || !events.isAtEnd() || !observer.isReady()) {
            // The next step finds out whether the reader has room, and waits for it if not.
            return !isOver;
        }
        requireLeader(events);
        if (!hasGreeted || isOlder(saidNanos, bounds.progress)) {
            say(WatchResponse.newBuilder()
                    .setProgressTs(events.next().value() - 1)
                    .build());
            hasGreeted = true;
        }
        awaitAtMost(events.awaitNext(), bounds.waitMax());
        return false;
    }

    /** Wakes this stream when the future completes, and at the latest after the time. */
    private void awaitAtMost(CompletableFuture<Void> next, Duration time) {
        wait.cancel(false);
        wait = next;
        if (isOver) {
            next.cancel(false);
            return;
        }
        var unused = next.copy()
                .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((ignored, failure) -> {
                    // Cancelled by the next step: that one has a wait of its own.
                    boolean isReplaced = next.isCancelled();
                    next.cancel(false);
                    if (!isReplaced) {
                        wake();
                    }
                });
    }

    private void requireReader(WatchCursor events) {
        if (isOlder(tookNanos, bounds.stallMax)) {
            throw Refusals.tooSlow(events.next(), bounds.stallMax.toMillis());
        }
    }

    private void requireLeader(WatchCursor events) {
        if (events.isInTouch()) {
            inTouchNanos = System.nanoTime();
        } else if (isOlder(inTouchNanos, bounds.leaderlessMax)) {
            throw Refusals.notReady("this node knows no leader and may be cut off");
        }
    }

    private void send(CommittedTransaction transaction) {
        for (ReplayEvent message : mapper.events(transaction)) {
            if (message.getSerializedSize() > bounds.messageBytesMax) {
                throw Refusals.limitExceeded("responseBytesMax", bounds.messageBytesMax, message.getSerializedSize());
            }
            say(WatchResponse.newBuilder().setEvent(message).build());
        }
    }

    private void say(WatchResponse response) {
        saidNanos = System.nanoTime();
        synchronized (observer) {
            if (!isOver) {
                observer.onNext(response);
            }
        }
    }

    private static boolean isOlder(long nanos, Duration age) {
        return System.nanoTime() - nanos >= age.toNanos();
    }

    private void fail(Throwable failure) {
        synchronized (observer) {
            if (isOver) {
                return;
            }
            leave();
            observer.onError(StatusMapper.toStatus(failure));
        }
    }
}
