package io.statehouse.client;

import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends requests of one kind that come together, or soon after each other, over one call for each endpoint, which costs both
 * ends less than a call for each.
 *
 * <p>A request that comes alone goes by a call of its own: there would be no second one to gain by it.
 */
final class Pipes<Q extends MessageLite, R, S, A> implements Call.Shortcut<Q, R> {
    /** From so many requests under way on, they go together. */
    static final int TOGETHER_FROM = 4;

    /** Requests of which each begins so soon after the one before go over one call, too. */
    static final Duration SOON = Duration.ofMillis(100);

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final PipeKind<Q, R, S, A> kind;
    private final Failover failover;
    private final Executor callbacks;
    private final ConcurrentHashMap<Endpoint, Pipe<Q, R, S, A>> pipes = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Endpoint, Long> unfitUntilNanos = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean isLooking = new AtomicBoolean();
    private final AtomicLong begunNanos = new AtomicLong(System.nanoTime() - SOON.toNanos());

    /** Whether the last request began soon after the one before; its further tries are no reason to think so. */
    private volatile boolean isSoon;

    Pipes(PipeKind<Q, R, S, A> kind, Failover failover, Executor callbacks) {
        this.kind = kind;
        this.failover = failover;
        this.callbacks = callbacks;
    }

    /** A request begins. */
    void began() {
        underWay.incrementAndGet();
        long now = System.nanoTime();
        isSoon = now - begunNanos.getAndSet(now) < SOON.toNanos();
    }

    /** A request has ended, however it has. */
    void ended() {
        underWay.decrementAndGet();
    }

    @Override
    public boolean take(Endpoint endpoint, Q request, Duration time, Call.Hearer<R> hearer) {
        if ((!isSoon && underWay.get() < TOGETHER_FROM) || isUnfit(endpoint)) {
            return false;
        }
        boolean isTaken = to(endpoint).take(request, time, hearer);
        if (isTaken && isLooking.compareAndSet(false, true)) {
            failover.after(LOOK_EVERY, this::look);
        }
        return isTaken;
    }

    private Pipe<Q, R, S, A> to(Endpoint endpoint) {
        return pipes.compute(endpoint, (at, pipe) -> pipe == null || pipe.isBroken() ? open(at) : pipe);
    }

    private Pipe<Q, R, S, A> open(Endpoint endpoint) {
        return new Pipe<>(
                kind,
                failover.connections().to(endpoint),
                callbacks,
                time -> unfitUntilNanos.put(endpoint, System.nanoTime() + time.toNanos()));
    }

    private boolean isUnfit(Endpoint endpoint) {
        Long until = unfitUntilNanos.get(endpoint);
        return until != null && until - System.nanoTime() > 0;
    }

    private void look() {
        isLooking.set(false);
        long now = System.nanoTime();
        pipes.values().forEach(pipe -> pipe.expire(now));
        pipes.values().removeIf(pipe -> pipe.endIfIdle(now));
        if (!pipes.isEmpty() && !failover.isClosed() && isLooking.compareAndSet(false, true)) {
            failover.after(LOOK_EVERY, this::look);
        }
    }
}
