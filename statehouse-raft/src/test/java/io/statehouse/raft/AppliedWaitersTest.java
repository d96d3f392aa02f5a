package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AppliedWaitersTest {
    private static final Duration RACE = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AppliedWaiters waiters = new AppliedWaiters(5, Runnable::run);

    @Test
    void whatHasBeenReachedIsNotWaitedFor() {
        assertThat(waiters.await(5)).isCompleted();
    }

    @Test
    void everyWaitEndsWhenItsOwnNumberIsReached() {
        var six = waiters.await(6);
        var alsoSix = waiters.await(6);
        var seven = waiters.await(7);

        waiters.advance(6);

        assertThat(six).isCompleted();
        assertThat(alsoSix).isCompleted();
        assertThat(seven).isNotDone();
    }

    @Test
    void whoComesAfterTheEndIsToldTheReason() {
        var reason = new LogException.Unavailable("closed", null);

        waiters.failAll(reason);

        assertThat(waiters.await(6).exceptionNow()).isEqualTo(reason);
        assertThat(waiters.await(5)).isCompleted();
    }

    @Test
    void theNumberNeverGoesBack() {
        waiters.advance(9);
        waiters.advance(7);

        assertThat(waiters.reached()).isEqualTo(9);
    }

    @Test
    void tooManyWaitsAreRefusedAndACancelledOneFreesItsPlace() {
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < AppliedWaiters.WAITERS_MAX; i++) {
            waiting.add(waiters.await(6));
        }

        assertThat(waiters.await(6)).isCompletedExceptionally();
        waiting.getFirst().cancel(false);
        assertThat(waiters.await(6)).isNotDone();
    }

    @Test
    void aMemberThatLeavesFailsWhoeverWaits() {
        var six = waiters.await(6);

        waiters.failAll(new LogException.Unavailable("closed", null));

        assertThat(six).isCompletedExceptionally();
    }

    @Test
    void advancingNeverFailsWhileTheOnlyWaiterGoesAway() {
        var raced = new AppliedWaiters(0, Runnable::run);
        var isOver = new AtomicBoolean();
        var comeAndGo = CompletableFuture.runAsync(
                () -> {
                    while (!isOver.get()) {
                        raced.await(Long.MAX_VALUE).cancel(false);
                    }
                },
                act -> Thread.ofPlatform().daemon().start(act));

        try {
            long until = System.nanoTime() + RACE.toNanos();
            for (long number = 1; System.nanoTime() < until; number++) {
                raced.advance(number);
            }
        } finally {
            isOver.set(true);
        }

        assertThat(comeAndGo).succeedsWithin(PATIENCE);
    }
}
