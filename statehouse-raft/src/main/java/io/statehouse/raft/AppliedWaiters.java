package io.statehouse.raft;

import java.util.Comparator;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Futures that wait for a growing number, such as the last applied commit, to reach theirs. */
final class AppliedWaiters {
    /** Waits under way at once; beyond it a new one is refused as Unavailable. */
    static final int WAITERS_MAX = 100_000;

    private final Executor completer;
    private final ConcurrentSkipListSet<Waiter> waiters =
            new ConcurrentSkipListSet<>(Comparator.comparingLong(Waiter::target).thenComparingLong(Waiter::ticket));
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong tickets = new AtomicLong();
    private final AtomicLong reached;

    /** Why nobody can wait any more; null while somebody can. */
    private volatile @Nullable LogException ended;

    /** The executor completes the futures, so that what hangs on them never runs in the thread that advances. */
    AppliedWaiters(long start, Executor completer) {
        this.reached = new AtomicLong(start);
        this.completer = completer;
    }

    /** Completes when the number is at least the target; cancelling the future frees the place. */
    CompletableFuture<Void> await(long target) {
        if (reached.get() >= target) {
            return CompletableFuture.completedFuture(null);
        }
        if (waiting.incrementAndGet() > WAITERS_MAX) {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new LogException.Unavailable("more than " + WAITERS_MAX + " waits are under way", null));
        }
        var waiter = new Waiter(target, tickets.incrementAndGet(), new CompletableFuture<>());
        waiters.add(waiter);
        var unused = waiter.future.whenComplete((done, failure) -> forget(waiter));
        // The number may have passed, or the end come, between the first look and the add.
        LogException end = ended;
        if (reached.get() >= target) {
            waiter.future.complete(null);
        } else if (end != null) {
            waiter.future.completeExceptionally(end);
        }
        return waiter.future;
    }

    private void forget(Waiter waiter) {
        waiters.remove(waiter);
        waiting.decrementAndGet();
    }

    long reached() {
        return reached.get();
    }

    /** Raises the number and completes whoever waited for no more than it. A smaller number changes nothing. */
    void advance(long number) {
        reached.accumulateAndGet(number, Math::max);
        if (isAwaited(number)) {
            completer.execute(this::completeReached);
        }
    }

    /** Others take waiters away meanwhile, so asking for the first after seeing that there is one would fail at times. */
    private boolean isAwaited(long number) {
        Iterator<Waiter> inOrder = waiters.iterator();
        return inOrder.hasNext() && inOrder.next().target <= number;
    }

    private void completeReached() {
        for (Waiter waiter : waiters) {
            if (waiter.target > reached.get()) {
                return;
            }
            waiter.future.complete(null);
        }
    }

    /** Fails everybody who waits, and whoever comes later. */
    void failAll(LogException reason) {
        ended = reason;
        waiters.forEach(waiter -> waiter.future.completeExceptionally(reason));
    }

    private record Waiter(long target, long ticket, CompletableFuture<Void> future) {}
}
