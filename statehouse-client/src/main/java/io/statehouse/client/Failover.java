package io.statehouse.client;

import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetStateResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries calls to whoever can answer them: the leader, the member a hint names, the next endpoint.
 *
 * <p>What must hold: a call ends within its timeout; every try of a write carries the same transaction id; a write is
 * reported as not applied only if every one of its tries either was refused by the server in so many words or never
 * left this process.
 */
final class Failover implements AutoCloseable {
    private final Connections connections;
    private final AnswerThreads answers;
    private final Pipes<CommitRequest, CommitResponse, ?, ?> commits;
    private final Pipes<GetStateRequest, GetStateResponse, ?, ?> reads;
    private final LeaderTracker leader;
    private final RetryPolicy retry;
    private final CallObserver observer;
    private final ScheduledThreadPoolExecutor timer;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Failover(ClientOptions options, @Nullable Executor callbacks) {
        this.connections = new Connections(options, callbacks);
        this.answers = new AnswerThreads(callbacks);
        this.commits = new Pipes<>(PipeKind.COMMITS, this, answers);
        this.reads = new Pipes<>(PipeKind.READS, this, answers);
        this.leader = new LeaderTracker(options.parsedEndpoints(), System::nanoTime);
        this.retry = options.retry();
        this.observer = options.observer();
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "statehouse-client-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Starts a call; the future ends with the answer or with a {@link StatehouseException}. Cancelling it ends it. */
    <Q, R> CompletableFuture<R> start(Call<Q, R> call, Duration timeout, Duration tryTimeout) {
        requireOpen();
        var running = new RunningCall<>(this, call, timeout, tryTimeout);
        running.start();
        return running.result();
    }

    Connections connections() {
        return connections;
    }

    /** Where commits go together. */
    Pipes<CommitRequest, CommitResponse, ?, ?> commits() {
        return commits;
    }

    /** Where reads go together. */
    Pipes<GetStateRequest, GetStateResponse, ?, ?> reads() {
        return reads;
    }

    LeaderTracker leader() {
        return leader;
    }

    RetryPolicy retry() {
        return retry;
    }

    boolean isClosed() {
        return closed;
    }

    Duration delay(int round) {
        return retry.delay(round, ThreadLocalRandom.current());
    }

    /** Runs {@code next} after {@code wait}, or when the client is closed: it must look which. */
    void after(Duration wait, Runnable next) {
        var once = new Waiting(next);
        waiting.add(once);
        try {
            var unused = timer.schedule(() -> reportingFailures(() -> end(once)), wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            end(once);
        }
    }

    private void end(Waiting once) {
        if (waiting.remove(once)) {
            once.next.run();
        }
    }

    /** Something that waits, compared by identity. */
    private static final class Waiting {
        private final Runnable next;

        private Waiting(Runnable next) {
            this.next = next;
        }
    }

    void report(CallObserver.Try tried) {
        reportingFailures(() -> observer.tryEnded(tried));
    }

    void reportEnd(String call, int tries, Duration duration, CallObserver.Outcome outcome) {
        reportingFailures(() -> observer.callEnded(call, tries, duration, outcome));
    }

    // A metrics hook that fails must be heard of, and must not decide how a commit ends.
    private static void reportingFailures(Runnable hook) {
        try {
            hook.run();
        } catch (RuntimeException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
    }

    /** Ends every running call and lets every thread and connection go. */
    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        connections.close();
        // Who waited for another try hears now that there will be none.
        List.copyOf(waiting).forEach(this::end);
        answers.close();
    }
}
