package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FreshRoundsTest {
    private static final int ROUNDS = 100_000;

    private final List<CompletableFuture<Long>> started = new ArrayList<>();
    private final FreshRounds rounds = new FreshRounds(() -> {
        var round = new CompletableFuture<Long>();
        started.add(round);
        return round;
    });

    @Test
    void whoComesWhileARoundRunsWaitsForTheNext() {
        var first = rounds.join();
        var second = rounds.join();
        var third = rounds.join();

        started.getFirst().complete(1L);

        assertThat(first).isCompletedWithValue(1L);
        assertThat(second).isNotDone();
        started.get(1).complete(2L);
        assertThat(second).isCompletedWithValue(2L);
        assertThat(third).isCompletedWithValue(2L);
        assertThat(started).hasSize(2);
    }

    @Test
    void aRoundThatFailsFailsNobodyElse() {
        var first = rounds.join();
        var second = rounds.join();

        started.getFirst().completeExceptionally(new LogException.NotLeader(null));
        started.get(1).complete(2L);

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedWithValue(2L);
    }

    @Test
    void whoGivesUpWaitingSpoilsItForNobody() {
        var first = rounds.join();
        var second = rounds.join();
        var third = rounds.join();

        second.cancel(false);
        started.getFirst().complete(1L);
        started.get(1).complete(2L);

        assertThat(first).isCompletedWithValue(1L);
        assertThat(third).isCompletedWithValue(2L);
    }

    @Test
    void anyNumberOfRoundsThatEndAtOnceMayFollowEachOther() {
        var joined = new ArrayList<CompletableFuture<Long>>();
        var itself = new AtomicReference<FreshRounds>();
        itself.set(new FreshRounds(() -> {
            if (joined.size() < ROUNDS) {
                joined.add(itself.get().join());
            }
            return CompletableFuture.completedFuture(1L);
        }));

        assertThat(itself.get().join()).isCompletedWithValue(1L);

        assertThat(joined).hasSize(ROUNDS).allMatch(CompletableFuture::isDone);
    }

    @Test
    void aRoundThatCannotStartFailsWhoeverWaitsAndNobodyLater() {
        var answers = new ArrayDeque<Supplier<CompletableFuture<Long>>>();
        answers.add(() -> {
            throw new IllegalStateException("closing");
        });
        answers.add(() -> CompletableFuture.completedFuture(2L));
        var unsteady = new FreshRounds(() -> answers.remove().get());

        assertThat(unsteady.join()).isCompletedExceptionally();
        assertThat(unsteady.join()).isCompletedWithValue(2L);
    }
}
