package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.statehouse.statemachine.decide.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A majority is asked and not everybody, and it need not be the one that was asked first. */
class ReadBarrierTest {
    private static final int READS = 20;
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    @Test
    void aFollowerThatDoesNotAnswerKeepsNobodyWaiting() {
        try (var cluster = LocalCluster.start(directory, 3)) {
            cluster.commit(Commands.put("t", "k", "1"));
            String leader = cluster.awaitLeader();
            var running = cluster.log(leader).running();
            var barrier = new ReadBarrier(running::division, running.registry(), SOON.multipliedBy(4));
            confirm(barrier);

            // One of them is the one that has answered first so far.
            for (String follower : List.of("n1", "n2", "n3")) {
                if (!follower.equals(leader)) {
                    var cut = Isolation.of(follower);
                    try {
                        confirm(barrier);
                    } finally {
                        cut.heal();
                    }
                    confirm(barrier);
                }
            }
        }
    }

    @Test
    void eachFollowerHearsAtOnceUpToWhereItMustApply() {
        // Heartbeats are two seconds apart: whoever waits for one after each write takes longer than all may.
        try (var cluster = LocalCluster.start(directory, 3, ReadBarrierTest::patient)) {
            cluster.commit(Commands.put("t", "k", "1"));
            assertTimeout(SOON.multipliedBy(3), () -> {
                for (int written = 0; written < READS; written++) {
                    cluster.commit(Commands.put("t" + written, "k", "" + written));
                    for (String member : List.of("n1", "n2", "n3")) {
                        cluster.log(member).awaitReadable().join();
                    }
                }
            });
        }
    }

    @Test
    void eachFollowerHearsSoonOfACommitThatNothingFollows() {
        try (var cluster = LocalCluster.start(directory, 3, ReadBarrierTest::patient)) {
            cluster.commit(Commands.put("t", "k", "1"));
            assertTimeout(SOON.multipliedBy(3), () -> {
                for (int written = 0; written < READS; written++) {
                    var reply = (Reply.Committed) cluster.commit(Commands.put("t" + written, "k", "" + written));
                    for (String member : List.of("n1", "n2", "n3")) {
                        cluster.log(member).awaitApplied(reply.commitTs()).join();
                    }
                }
            });
        }
    }

    private static RaftOptions patient(RaftOptions options) {
        return new RaftOptions(
                options.self(),
                options.members(),
                options.dataDirectory(),
                options.firstStart(),
                Duration.ofSeconds(4),
                Duration.ofSeconds(6),
                options.entriesInFlightMax(),
                options.batchCommandsMax(),
                options.batchBytesMax(),
                options.queueBytesMax(),
                options.flushInterval(),
                options.limits(),
                options.retention(),
                options.tls(),
                options.featureLevelMax());
    }

    private static void confirm(ReadBarrier barrier) {
        for (int read = 0; read < READS; read++) {
            assertThat(barrier.confirm()).succeedsWithin(SOON);
        }
    }
}
