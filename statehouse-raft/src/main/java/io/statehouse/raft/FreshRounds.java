package io.statehouse.raft;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One round at a time for all who wait; whoever comes while one is under way waits for the next.
 *
 * <p>So the answer of a round is never older than the question of anybody who gets it.
 */
final class FreshRounds {
    private final Supplier<CompletableFuture<Long>> round;

    /** Guarded by this, as is the next: the next exists only while one runs. */
    private @Nullable CompletableFuture<Long> running;

    private @Nullable CompletableFuture<Long> next;

    /** The round must end, with an answer or a failure, in bounded time. */
    FreshRounds(Supplier<CompletableFuture<Long>> round) {
        this.round = round;
    }

    CompletableFuture<Long> join() {
        CompletableFuture<Long> mine;
        synchronized (this) {
            if (running != null) {
                if (next == null) {
                    next = new CompletableFuture<>();
                }
                return next.copy();
            }
            mine = new CompletableFuture<>();
            running = mine;
        }
        var copy = mine.copy();
        start(mine);
        return copy;
    }

    /** Runs rounds until one takes its time. Not by recursion: rounds that end at once may be many, one after another. */
    private void start(CompletableFuture<Long> first) {
        CompletableFuture<Long> waiting = first;
        while (waiting != null) {
            CompletableFuture<Long> present = waiting;
            CompletableFuture<Long> answer = ask();
            if (!answer.isDone()) {
                var unused = answer.whenComplete((index, failure) -> {
                    CompletableFuture<Long> successor = finish(present, answer);
                    if (successor != null) {
                        start(successor);
                    }
                });
                return;
            }
            waiting = finish(present, answer);
        }
    }

    /** A round that cannot even start has failed; else whoever waits would wait for ever. */
    private CompletableFuture<Long> ask() {
        try {
            return round.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Ends a round, makes the next one the one that runs, and returns it; null when nobody waits for one. */
    private @Nullable CompletableFuture<Long> finish(CompletableFuture<Long> waiting, CompletableFuture<Long> answer) {
        CompletableFuture<Long> successor;
        synchronized (this) {
            successor = next;
            running = successor;
            next = null;
        }
        var unused = answer.whenComplete((index, failure) -> {
            if (failure != null) {
                waiting.completeExceptionally(failure);
            } else {
                waiting.complete(index);
            }
        });
        return successor;
    }
}
