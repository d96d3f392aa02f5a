package io.statehouse.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines();

    @AfterEach
    void close() {
        deadlines.close();
    }

    @Test
    void aWaitThatTakesTooLongFailsAndTheOneBehindItGoesOn() {
        var wait = new CompletableFuture<String>();

        var bounded = deadlines.within(Duration.ofMillis(1), wait);

        assertThatThrownBy(bounded::join).hasCauseInstanceOf(TimeoutException.class);
        assertThat(wait).isNotDone();
    }

    @Test
    void whatEndsInTimeIsPassedOn() {
        var answered = new CompletableFuture<String>();
        var failed = new CompletableFuture<String>();
        var first = deadlines.within(Duration.ofDays(1), answered);
        var second = deadlines.within(Duration.ofDays(1), failed);

        answered.complete("yes");
        failed.completeExceptionally(new IllegalStateException("no"));

        assertThat(first).isCompletedWithValue("yes");
        assertThatThrownBy(second::join).hasRootCauseMessage("no");
    }

    @Test
    void afterTheEndNobodyWaits() {
        deadlines.close();

        assertThatThrownBy(deadlines.within(Duration.ofDays(1), new CompletableFuture<>())::join)
                .hasCauseInstanceOf(ServiceException.class);
    }

    @Test
    void whatHasEndedIsNotWaitedFor() {
        var done = CompletableFuture.completedFuture("yes");

        assertThat(deadlines.within(Duration.ofDays(1), done)).isSameAs(done);
    }
}
