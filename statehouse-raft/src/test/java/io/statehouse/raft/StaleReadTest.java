package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.decide.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaleReadTest {
    /** The first member believes in itself for longer than the others take to elect another. */
    private static final Duration STUBBORN = Duration.ofSeconds(20);

    private static final String OLD_LEADER = "n1";

    private static final int CUTS_MAX = 100;

    private final AtomicLong calls = new AtomicLong();

    @TempDir
    Path directory;

    @Test
    void aLeaderThatWasCutOffAnswersNoReadAndCannotTellTheFateOfAWrite() throws Exception {
        try (var cluster = LocalCluster.start(
                directory,
                3,
                StaleReadTest::stubborn,
                properties -> RaftServerConfigKeys.Read.setOption(
                        properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE))) {
            makeLeader(cluster);
            var old = cluster.log(OLD_LEADER);
            cluster.commit(Commands.put("t1", "task", "1"));
            old.awaitReadable().join();

            CompletableFuture<Void> read;
            CompletableFuture<Reply> lost;
            var cut = cutOffBehindAReadOfRatis(old);
            try {
                // First of all: what the leader proposes by itself would fill the few places for entries under way.
                long logged = lastOf(old);
                lost = old.propose(Commands.put("t3", "lost", "3"));
                await("it is in the log").atMost(LocalCluster.SOON).until(() -> lastOf(old) > logged);
                commitElsewhere(cluster);
                assertThat(old.cluster().isReady()).as("still believes to lead").isTrue();

                // The control: Ratis's own linearizable read says yes, and the state it would answer from is old.
                assertThat(readOfRatis(old).join().isSuccess()).isTrue();
                assertThat(valueOf(old)).isEqualTo("1");

                read = old.awaitReadable();
                await().during(Duration.ofMillis(500)).until(() -> !read.isDone() && !lost.isDone());
            } finally {
                cut.heal();
            }

            assertThat(lost)
                    .failsWithin(LocalCluster.SOON)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(LogException.OutcomeUnknown.class);
            assertThat(read).succeedsWithin(LocalCluster.SOON);
            assertThat(valueOf(old)).isEqualTo("2");
            cluster.awaitEqual();
            assertThat(cluster.halts()).isEmpty();
        }
    }

    private static RaftOptions stubborn(RaftOptions options) {
        boolean isOld = options.self().id().equals(OLD_LEADER);
        return new RaftOptions(
                options.self(),
                options.members(),
                options.dataDirectory(),
                options.firstStart(),
                options.electionTimeoutMin(),
                isOld ? STUBBORN : options.electionTimeoutMax(),
                options.entriesInFlightMax(),
                options.batchCommandsMax(),
                options.batchBytesMax(),
                options.queueBytesMax(),
                options.flushInterval(),
                Limits.DEFAULT,
                options.retention(),
                options.tls(),
                options.featureLevelMax());
    }

    private static void makeLeader(LocalCluster cluster) {
        String leader = cluster.awaitLeader();
        if (!leader.equals(OLD_LEADER)) {
            cluster.log(leader).transferLeadership(OLD_LEADER).join();
        }
        await().atMost(LocalCluster.SOON)
                .until(() -> cluster.log(OLD_LEADER).cluster().isReady());
    }

    /** With nothing under way: Ratis confirms a read again without asking anybody as long as nothing more is committed. */
    private Isolation cutOffBehindAReadOfRatis(RatisLog old) throws Exception {
        for (int attempt = 0; attempt < CUTS_MAX; attempt++) {
            long committed = old.running().division().getRaftLog().getLastCommittedIndex();
            assertThat(readOfRatis(old).join().isSuccess()).isTrue();
            var cut = Isolation.of(OLD_LEADER);
            // Nothing that is appended from now on is committed here.
            if (lastOf(old) == committed + 1) {
                return cut;
            }
            cut.heal();
        }
        throw new AssertionError("the leader was never without an entry of its own under way");
    }

    /** The others may elect one and then the other before one of them stays, so this asks whoever leads until it is done. */
    private static void commitElsewhere(LocalCluster cluster) {
        await("the majority commits")
                .atMost(LocalCluster.SOON)
                .ignoreExceptionsMatching(LocalCluster::isTransient)
                .until(() -> {
                    var successor = cluster.log(cluster.log("n2").cluster().isReady() ? "n2" : "n3");
                    return successor.propose(Commands.put("t2", "task", "2")).join() instanceof Reply.Committed;
                });
    }

    private static long lastOf(RatisLog log) {
        return log.running().division().getRaftLog().getNextIndex();
    }

    private static String valueOf(RatisLog log) {
        return log.query(state -> LocalCluster.valueOf(state, "task"));
    }

    private CompletableFuture<RaftClientReply> readOfRatis(RatisLog log) throws Exception {
        var division = log.running().division();
        var request = RaftClientRequest.newBuilder()
                .setClientId(ClientId.randomId())
                .setServerId(division.getId())
                .setGroupId(division.getGroup().getGroupId())
                .setCallId(calls.incrementAndGet())
                .setMessage(Message.EMPTY)
                .setType(RaftClientRequest.readRequestType())
                .build();
        return ((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(request);
    }
}
