package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class CommandQueueTest {
    private static final long BYTES_MAX = 1_000;

    private final CommandQueue queue = new CommandQueue(BYTES_MAX, () -> new LogException.NotLeader(null));

    @Test
    void aClosedQueueRefusesForTheReasonOfTheMoment() {
        var first = command(10);
        queue.add(first);
        queue.close(() -> new LogException.Unavailable("handing over", null));
        var second = command(10);
        queue.add(second);

        assertThat(first.reply()).isCompletedExceptionally();
        assertThat(first.reply().exceptionNow()).isInstanceOf(LogException.NotLeader.class);
        assertThat(second.reply().exceptionNow()).hasMessage("handing over");
    }

    @Test
    void aBatchIsInItsTakersHandsUntilHeSaysWhereItIs() throws InterruptedException {
        queue.open();
        queue.add(command(10));
        assertThat(queue.isBetween()).isFalse();

        queue.take(1, 100);
        assertThat(queue.isBetween()).isTrue();

        queue.settled();
        assertThat(queue.isBetween()).isFalse();
    }

    @Test
    void aFullQueueRefusesAndKeepsWhatItHas() throws InterruptedException {
        queue.open();
        for (int i = 0; i < 10; i++) {
            queue.add(command(100));
        }
        var refused = command(1);
        queue.add(refused);

        assertThat(refused.reply().exceptionNow())
                .isInstanceOf(LogException.QueueFull.class)
                .hasMessageContaining("1001 of 1000 bytes");
        assertThat(queue.take(100, 10_000)).hasSize(10);
    }

    @Test
    void aBatchKeepsOrderAndBothCaps() throws InterruptedException {
        queue.open();
        List<PendingCommand> added = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            added.add(command(100));
            queue.add(added.get(i));
        }

        assertThat(queue.take(3, 10_000)).isEqualTo(added.subList(0, 3));
        queue.settled();
        assertThat(queue.take(100, 250)).isEqualTo(added.subList(3, 5));
        queue.settled();
        assertThat(queue.take(100, 10)).as("one command always fits").isEqualTo(added.subList(5, 6));
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void onlyOneHasABatchInHand() throws InterruptedException {
        queue.open();
        assertThat(queue.takeAlone()).isTrue();
        assertThat(queue.takeAlone()).isFalse();
        queue.add(command(10));
        var taker = CompletableFuture.supplyAsync(this::takeOne);
        assertThat(taker).isNotDone();

        queue.settled();

        assertThat(taker.join()).hasSize(1);
        assertThat(queue.isBetween()).isTrue();
    }

    @Test
    void nobodyPassesAQueueThatHoldsSomethingOrIsClosed() {
        assertThat(queue.takeAlone()).as("closed").isFalse();
        queue.open();
        queue.add(command(10));
        assertThat(queue.takeAlone()).as("somebody waits").isFalse();
    }

    @Test
    void whoeverClosesAQueueCanWaitForTheLastBatch() {
        queue.open();
        queue.takeAlone();
        queue.close(() -> new LogException.NotLeader(null));
        var settling = CompletableFuture.runAsync(queue::settled);

        queue.awaitSettled(Duration.ofSeconds(10));

        assertThat(queue.isBetween()).isFalse();
        settling.join();
    }

    private List<PendingCommand> takeOne() {
        try {
            return queue.take(1, 100);
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void closingFailsWhatWaits() {
        queue.open();
        var waiting = command(10);
        queue.add(waiting);

        queue.close(() -> new LogException.NotLeader(null));

        assertThat(waiting.reply().exceptionNow()).isInstanceOf(LogException.NotLeader.class);
    }

    private static PendingCommand command(int bytes) {
        var command = Commands.put("t", "k", "1");
        return new PendingCommand(command, bytes, new CompletableFuture<>());
    }
}
