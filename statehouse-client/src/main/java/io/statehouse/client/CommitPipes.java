package io.statehouse.client;

import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends commits that are under way together over one call for each endpoint, which costs both ends less than a call for each.
 *
 * <p>A commit that is alone goes by a call of its own: it would gain nothing.
 */
final class CommitPipes implements Call.Shortcut<CommitRequest, CommitResponse>, AutoCloseable {
    /** From so many commits under way on, they go together. */
    static final int TOGETHER_FROM = 4;

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Failover failover;
    private final Executor callbacks;
    private final @Nullable ExecutorService own;
    private final ConcurrentHashMap<Endpoint, CommitPipe> pipes = new ConcurrentHashMap<>();
    private final Set<Endpoint> unsupported = ConcurrentHashMap.newKeySet();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean isLooking = new AtomicBoolean();

    /** With null, a pool of its own runs the callbacks: a thread for each that is busy. */
    CommitPipes(Failover failover, @Nullable Executor callbacks) {
        this.failover = failover;
        ExecutorService pool = callbacks == null ? Executors.newCachedThreadPool(CommitPipes::thread) : null;
        this.own = pool;
        this.callbacks = pool == null ? Objects.requireNonNull(callbacks) : pool;
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "statehouse-client-commits");
        thread.setDaemon(true);
        return thread;
    }

    /** A commit begins. */
    void began() {
        underWay.incrementAndGet();
    }

    /** A commit has ended, however it has. */
    void ended() {
        underWay.decrementAndGet();
    }

    @Override
    public boolean take(Endpoint endpoint, CommitRequest request, Duration time, Call.Hearer<CommitResponse> hearer) {
        if (underWay.get() < TOGETHER_FROM || unsupported.contains(endpoint)) {
            return false;
        }
        boolean isTaken = to(endpoint).take(request, time, hearer);
        if (isTaken && isLooking.compareAndSet(false, true)) {
            failover.after(LOOK_EVERY, this::look);
        }
        return isTaken;
    }

    private CommitPipe to(Endpoint endpoint) {
        return pipes.compute(endpoint, (at, pipe) -> pipe == null || pipe.isBroken() ? open(at) : pipe);
    }

    private CommitPipe open(Endpoint endpoint) {
        return new CommitPipe(failover.connections().to(endpoint), callbacks, () -> unsupported.add(endpoint));
    }

    /** After the connections have ended, and with them everything under way. */
    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
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
