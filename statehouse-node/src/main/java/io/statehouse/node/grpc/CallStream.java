package io.statehouse.node.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One call with many requests: takes them only as far ahead of its answers as its bound allows, and sends answers as they
 * come, as many at once as there are.
 */
final class CallStream<Q, A extends MessageLite> implements StreamObserver<Q> {
    /** Requests taken and not answered; the caller's further ones wait in its own memory. */
    static final int UNDER_WAY_MAX = 4_096;

    /** Requests are asked for ahead, so many at once: to ask for each wakes the thread of the connection. */
    private static final int ASKED_AT_ONCE = UNDER_WAY_MAX / 4;

    private final ServerCallStreamObserver<A> observer;
    private final Handler<Q, A> handler;
    private final Executor executor;
    private final ConcurrentLinkedQueue<A> answers = new ConcurrentLinkedQueue<>();
    private final AtomicLong answerBytes = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();

    /** Above zero while answers are sent or waited to be; so that one thread sends, and no answer is left behind. */
    private final AtomicInteger wakeUps = new AtomicInteger();

    /** Since requests were asked for; only the thread that sends has it. */
    private int answered;

    private volatile Runnable onOver = () -> {};
    private volatile boolean isEnding;
    private volatile boolean isOver;

    /** Does what requests ask for. */
    interface Handler<Q, A extends MessageLite> {
        /** Takes a request, and answers it once; must not throw. */
        void take(Q request, CallStream<Q, A> stream);

        /** All answers so far are sent. */
        default void sent(CallStream<Q, A> stream) {}

        /** Nobody waits for answers any more. */
        default void over() {}
    }

    CallStream(StreamObserver<A> observer, Handler<Q, A> handler, Executor executor) {
        this.observer = (ServerCallStreamObserver<A>) observer;
        this.handler = handler;
        this.executor = executor;
    }

    /** Must be called before the call's handler returns; what is given runs when nobody waits for answers any more. */
    void start(Runnable onOver) {
        this.onOver = onOver;
        observer.disableAutoRequest();
        observer.setOnReadyHandler(this::wake);
        observer.setOnCancelHandler(this::forget);
        observer.request(UNDER_WAY_MAX);
    }

    @Override
    public void onNext(Q request) {
        underWay.incrementAndGet();
        handler.take(request, this);
    }

    void answer(A answer) {
        answer(List.of(answer));
    }

    void answer(Collection<A> ready) {
        add(ready);
        wake();
    }

    /** The same, sent by this thread if no other is at it. */
    void answerHere(Collection<A> ready) {
        add(ready);
        if (wakeUps.getAndIncrement() == 0) {
            send();
        }
    }

    private void add(Collection<A> ready) {
        ready.forEach(answer -> answerBytes.addAndGet(answer.getSerializedSize()));
        answers.addAll(ready);
    }

    /** How much was answered that the caller has not taken yet. */
    long answerBytes() {
        return answerBytes.get();
    }

    /** Why nothing new is begun; asked by handlers before they begin. */
    void requireNotEnding() throws ServiceException {
        if (isEnding) {
            throw Refusals.notReady("this node is stopping");
        }
    }

    /** The caller sends no more. */
    @Override
    public void onCompleted() {
        stop();
    }

    @Override
    public void onError(Throwable failure) {
        forget();
    }

    /** The caller has gone, and with it the reason to keep anything. */
    private void forget() {
        isOver = true;
        answers.clear();
        handler.over();
        onOver.run();
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
        try {
            sendWhatIsThere();
        } catch (IllegalStateException e) {
            // Whoever reads the call's messages has closed it, so nobody waits for these any more.
            forget();
        }
    }

    private void sendWhatIsThere() {
        int seen;
        do {
            seen = wakeUps.get();
            int sent = 0;
            while (!isOver && observer.isReady()) {
                A next = answers.poll();
                if (next == null) {
                    break;
                }
                answerBytes.addAndGet(-next.getSerializedSize());
                observer.onNext(next);
                sent++;
            }
            answered += sent;
            if (answered >= ASKED_AT_ONCE) {
                observer.request(answered);
                answered = 0;
            }
            if (answers.isEmpty()) {
                handler.sent(this);
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
        onOver.run();
        if (status.isOk()) {
            observer.onCompleted();
        } else {
            observer.onError(status.asRuntimeException());
        }
    }
}
