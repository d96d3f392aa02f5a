package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SoloLogTest {
    private static final Member SELF = new Member("solo", "127.0.0.1:1", "127.0.0.1:2");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final HandClock clock = new HandClock();
    private final ReplicatedLog log =
            SoloLog.open(SELF, StateMachine.open(new TreeStore(), Limits.DEFAULT), clock, new Random(1));

    @BeforeEach
    void start() {
        log.start();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void whatWasAnsweredIsApplied() {
        var reply = log.propose(Commands.put("t1", "task", "1")).join();

        assertThat(reply).isEqualTo(new Reply.Committed(new CommitTs(1), NOON.toEpochMilli(), List.of(1L), false));
        CommitTs at = log.query(state -> state.view().at());
        assertThat(at).isEqualTo(new CommitTs(1));
    }

    @Test
    void manyAtOnceAreEachCommittedOnce() {
        var replies = IntStream.range(0, 1_000)
                .parallel()
                .mapToObj(i -> log.propose(Commands.put("t" + i, "key" + i, "1")))
                .toList();

        assertThat(replies.stream().map(CompletableFuture::join)).allMatch(Reply.Committed.class::isInstance);
        assertThat(log.cluster().applied()).isEqualTo(new CommitTs(1_000));
    }

    @Test
    void aWaitForACommitEndsWithIt() {
        var second = log.awaitApplied(new CommitTs(2));

        log.propose(Commands.put("t1", "task", "1")).join();
        assertThat(second).isNotDone();
        log.propose(Commands.put("t2", "task", "2")).join();

        assertThat(second).succeedsWithin(LocalCluster.SOON);
    }

    @Test
    void anErrorInApplyEndsTheDoubtOfWhoWaitsAndRefusesWhoComesLater() {
        var state = StateMachine.open(new TreeStore(), Limits.DEFAULT);
        try (var broken = SoloLog.open(SELF, state, Clock.fixed(NOON, ZoneOffset.UTC), new NoSalt())) {
            broken.start();
            await().until(() -> broken.query(StateMachine::featureLevel) == FeatureLevel.LATEST);

            assertThat(broken.propose(Commands.put("t1", "task", "1")))
                    .failsWithin(LocalCluster.SOON)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(LogException.OutcomeUnknown.class);
            assertThat(broken.propose(Commands.put("t2", "task", "1")))
                    .failsWithin(LocalCluster.SOON)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(LogException.Unavailable.class);
        }
    }

    /** Fails where the apply thread draws a salt, but for the first one: that is of what the log proposes by itself. */
    private static final class NoSalt extends Random {
        private static final long serialVersionUID = 1L;
        private boolean isDrawn;

        @Override
        public void nextBytes(byte[] bytes) {
            if (isDrawn) {
                throw new StackOverflowError("for a test");
            }
            isDrawn = true;
        }
    }

    @Test
    void aKeyExpiresWhenItsTimeHasComeAndNobodyWrites() {
        log.propose(new CommitTransaction(
                        new TxnId("t1"),
                        List.of(new Operation.Put(Commands.key("lease"), Json.ofTrusted(new byte[] {'1'}), 1_000)),
                        List.of(),
                        List.of(),
                        Origin.NONE))
                .join();
        assertThat(log.<String>query(state -> LocalCluster.valueOf(state, "lease")))
                .isEqualTo("1");

        clock.now = NOON.plusMillis(1_000);

        await().atMost(LocalCluster.SOON)
                .until(() -> log.query(state -> state.view().at()), new CommitTs(2)::equals);
        assertThat(log.<String>query(state -> LocalCluster.valueOf(state, "lease")))
                .isEqualTo("null");
    }

    /** A clock that a test moves. */
    private static final class HandClock extends Clock {
        private volatile Instant now = NOON;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @Test
    void aClosedLogRefuses() {
        log.close();

        assertThat(log.propose(Commands.put("t1", "task", "1")).exceptionNow())
                .isInstanceOf(LogException.Unavailable.class);
    }
}
