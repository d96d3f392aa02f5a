package io.statehouse.cli;

import io.statehouse.client.Json;
import io.statehouse.client.Read;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException.OutcomeUnknown;
import io.statehouse.client.StatehouseException.Refused;
import io.statehouse.client.StatehouseException.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a cluster busy. A caller is a chain of futures, not a thread: the next operation is started by the thread that
 * hears the answer to the one before.
 */
final class LoadGenerator {
    private static final int VALUES = 64;

    /** How long the last operations may take beyond the time a call has. */
    private static final Duration DRAIN_GRACE = Duration.ofSeconds(5);

    private final List<StatehouseClient> clients;
    private final BenchPlan plan;
    private final Read freshness;
    private final List<Json> values;
    private final long start = System.nanoTime();
    private final long end;
    private final BenchTally tally;
    private final Semaphore idle;
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

    LoadGenerator(List<StatehouseClient> clients, BenchPlan plan, Read freshness) {
        this.clients = List.copyOf(clients);
        this.plan = plan;
        this.freshness = freshness;
        this.values = values(plan);
        long windowStart = start + plan.warmup().toNanos();
        this.end = windowStart + plan.duration().toNanos();
        this.tally = new BenchTally(windowStart, end);
        this.idle = new Semaphore(plan.concurrency());
    }

    // Different values, and none that compresses to nothing.
    private static List<Json> values(BenchPlan plan) {
        var random = new SplittableRandom(plan.seed());
        return random.ints(VALUES)
                .mapToObj(seed -> {
                    var text = new StringBuilder("{\"d\":\"");
                    new SplittableRandom(seed)
                            .ints(plan.valueBytes() - BenchPlan.VALUE_BYTES_MIN, 'a', 'z' + 1)
                            .forEach(text::appendCodePoint);
                    return Json.parse(text.append("\"}").toString());
                })
                .toList();
    }

    /** Runs the whole plan; ends when the last operation has. */
    BenchTally run() throws InterruptedException {
        switch (plan.mode()) {
            case CLOSED -> startCallers();
            case OPEN -> startByTheClock();
        }
        long patience =
                end - System.nanoTime() + clients.get(0).options().callTimeout().toNanos() + DRAIN_GRACE.toNanos();
        if (!idle.tryAcquire(plan.concurrency(), patience, TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("operations are still under way long after their time");
        }
        Throwable failure = broken.get();
        if (failure != null) {
            throw new IllegalStateException("the load generator itself failed", failure);
        }
        return tally.ended();
    }

    private void startCallers() throws InterruptedException {
        var seeds = new SplittableRandom(plan.seed());
        for (int i = 0; i < plan.concurrency(); i++) {
            idle.acquire();
            new Caller(i, seeds.split()).goOn();
        }
    }

    private void startByTheClock() throws InterruptedException {
        var random = new SplittableRandom(plan.seed());
        double interval = TimeUnit.SECONDS.toNanos(1) / (double) plan.rate();
        for (long n = 0; ; n++) {
            long due = start + (long) (n * interval);
            if (due - end >= 0) {
                return;
            }
            long wait = due - System.nanoTime();
            while (wait > 0) {
                LockSupport.parkNanos(wait);
                wait = due - System.nanoTime();
            }
            // With no caller free the operation is late, and its latency says so.
            idle.acquire();
            whenEnded(operate((int) (n % clients.size()), random, due), idle::release);
        }
    }

    /** One of the callers of the closed loop. */
    private final class Caller {
        private final int number;
        private final SplittableRandom random;
        // Counts what is to be started; an answer that is there at once must not start the next one on top of itself.
        private final AtomicInteger toStart = new AtomicInteger();

        Caller(int number, SplittableRandom random) {
            this.number = number;
            this.random = random;
        }

        void goOn() {
            if (toStart.getAndIncrement() > 0) {
                return;
            }
            do {
                long now = System.nanoTime();
                if (now - end >= 0) {
                    idle.release();
                    return;
                }
                whenEnded(operate(number % clients.size(), random, now), this::goOn);
            } while (toStart.decrementAndGet() > 0);
        }
    }

    // Ends well in any case: what went wrong is in the tally.
    private CompletableFuture<Boolean> operate(int client, SplittableRandom random, long began) {
        boolean isRead = random.nextDouble() < plan.readRatio();
        String agent = "bench-" + random.nextInt(plan.agents());
        String key = "key-" + random.nextInt(plan.keys());
        CompletableFuture<Boolean> done = isRead
                ? clients.get(client)
                        .getAsync(StateKey.of(agent, key), freshness)
                        .thenApply(entry -> {
                            tally.readEnded(began, System.nanoTime(), entry.exists());
                            return true;
                        })
                : clients.get(client)
                        .putAsync(agent, key, values.get(random.nextInt(VALUES)))
                        .thenApply(result -> {
                            tally.writeEnded(began, System.nanoTime());
                            return true;
                        });
        return done.exceptionally(failure -> {
            tally.failed(isRead, began, kindOf(failure));
            return false;
        });
    }

    private void whenEnded(CompletableFuture<Boolean> operation, Runnable next) {
        // What the next step throws would vanish in a future that nobody looks at.
        var unused = operation.thenRun(next).whenComplete((done, failure) -> {
            if (failure != null && broken.compareAndSet(null, failure)) {
                idle.release(plan.concurrency());
            }
        });
    }

    private static String kindOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refused refused) {
            return refused.code().name();
        }
        if (cause instanceof Unavailable) {
            return "UNAVAILABLE";
        }
        return cause instanceof OutcomeUnknown
                ? "OUTCOME_UNKNOWN"
                : cause.getClass().getSimpleName();
    }
}
