package io.statehouse.client;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends requests of one kind that are under way together over one call for each endpoint, which costs both ends less than a
 * call for each.
 *
 * <p>A request that is alone goes by a call of its own: it would gain nothing.
 */
final class Pipes<Q, R, S, A> implements Call.Shortcut<Q, R> {
    /** From so many requests under way on, they go together. */
    static final int TOGETHER_FROM = 4;

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final PipeKind<Q, R, S, A> kind;
    private final Failover failover;
    private final Executor callbacks;
    private final ConcurrentHashMap<Endpoint, Pipe<Q, R, S, A>> pipes = new ConcurrentHashMap<>();
    private final Set<Endpoint> unsupported = ConcurrentHashMap.newKeySet();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean isLooking = new AtomicBoolean();

    Pipes(PipeKind<Q, R, S, A> kind, Failover failover, Executor callbacks) {
        this.kind = kind;
        this.failover = failover;
        this.callbacks = callbacks;
    }

    /** A request begins. */
    void began() {
        underWay.incrementAndGet();
    }

    /** A request has ended, however it has. */
    void ended() {
        underWay.decrementAndGet();
    }

    @Override
    public boolean take(Endpoint endpoint, Q request, Duration time, Call.Hearer<R> hearer) {
        if (underWay.get() < TOGETHER_FROM || unsupported.contains(endpoint)) {
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
        return new Pipe<>(kind, failover.connections().to(endpoint), callbacks, () -> unsupported.add(endpoint));
    }

    private void look() {
        isLooking.set(false);
        long now = System.nanoTime();
        pipes.values().forEach(pipe -> pipe.expire(now));
        if (underWay.get() > 0 && !failover.isClosed() && isLooking.compareAndSet(false, true)) {
            failover.after(LOOK_EVERY, this::look);
        }
    }
}
