package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.decide.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members that nobody disturbs, shared by all tests: each uses keys and transaction ids of its own. */
class RatisLogTest {
    private static final int MANY = 10_000;
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path directory;

    private static LocalCluster cluster;

    /** Different for each test. */
    private static final int READS_AFTER_WRITES = 50;

    private final String name = "test-" + TESTS.incrementAndGet();

    @BeforeAll
    static void start() {
        cluster = LocalCluster.start(directory, 3);
        cluster.awaitLeader();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        assertThat(cluster.halts()).isEmpty();
    }

    @Test
    void aCommitOnTheLeaderIsReadOnEveryMember() {
        var reply = cluster.commit(Commands.put(name, name, "{\"a\":1}"));

        assertThat(reply).isInstanceOf(Reply.Committed.class);
        for (String id : cluster.ids()) {
            assertThat(LocalCluster.read(cluster.log(id), name)).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void aFollowerNeverAnswersFromBeforeTheQuestion() {
        var follower = cluster.log(cluster.anyFollower());
        for (int i = 0; i < READS_AFTER_WRITES; i++) {
            cluster.commit(Commands.put(name + "-" + i, name, "" + i));

            assertThat(LocalCluster.read(follower, name)).isEqualTo("" + i);
        }
    }

    @Test
    void aFollowerRefusesToProposeAndNamesTheLeader() {
        String leader = cluster.awaitLeader();
        var follower = cluster.log(cluster.anyFollower());
        await().atMost(LocalCluster.SOON).until(() -> follower.cluster().leader() != null);

        var refused = follower.propose(Commands.put(name, name, "{}"));

        assertThat(refused)
                .failsWithin(LocalCluster.SOON)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        LogException.NotLeader.class,
                        refusal -> assertThat(refusal.leader())
                                .isNotNull()
                                .extracting(Member::id)
                                .isEqualTo(leader));
    }

    @Test
    void waitingForACommitEndsWhenAFollowerHasAppliedIt() {
        var follower = cluster.log(cluster.anyFollower());
        cluster.commit(Commands.put(name, name, "1"));
        follower.awaitReadable().join();
        CommitTs present = follower.query(state -> state.view().at());

        var next = follower.awaitApplied(present.next());
        cluster.commit(new ResolveTransaction(new TxnId(name + "-never")));
        cluster.awaitEqual();
        assertThat(next).as("a reply without a commit counts for nothing").isNotDone();
        cluster.commit(Commands.put(name + "-2", name, "2"));

        assertThat(next).succeedsWithin(LocalCluster.SOON);
    }

    @Test
    void leadershipGoesToTheMemberThatWasNamed() {
        String heir = cluster.anyFollower();

        String leader =
                cluster.log(cluster.awaitLeader()).transferLeadership(heir).join();

        assertThat(leader).isEqualTo(heir);
        await().atMost(LocalCluster.SOON)
                .until(() -> cluster.log(heir).cluster().isReady());
        assertThat(cluster.commit(Commands.put(name, name, "2"))).isInstanceOf(Reply.Committed.class);
    }

    @Test
    void leadershipIsNotHandedToAStranger() {
        var transfer = cluster.log(cluster.awaitLeader()).transferLeadership("n9");

        assertThat(transfer)
                .failsWithin(LocalCluster.SOON)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(LogException.Unavailable.class);
        assertThat(cluster.commit(Commands.put(name, name, "1"))).isInstanceOf(Reply.Committed.class);
    }

    @Test
    void aTransactionThatIsRefusedNeverFailsItsNeighbours() {
        var leader = cluster.log(cluster.awaitLeader());
        var replies = new ArrayList<CompletableFuture<Reply>>();
        for (int i = 0; i < 300; i++) {
            long version = i % 3 == 1 ? 77 : 0;
            replies.add(leader.propose(Commands.putOnto(name + i, name + "-key" + i, version)));
        }

        for (int i = 0; i < 300; i++) {
            Class<? extends Reply> expected = i % 3 == 1 ? Reply.Conflict.class : Reply.Committed.class;
            assertThat(replies.get(i)).succeedsWithin(LocalCluster.SOON).isInstanceOf(expected);
        }
    }

    @Test
    void tenThousandAtOnceAreEachAnsweredOnceAndAppliedOnce() {
        var leader = cluster.log(cluster.awaitLeader());
        CommitTs before = leader.query(state -> state.view().at());

        var replies = IntStream.range(0, MANY)
                .parallel()
                .mapToObj(i -> leader.propose(Commands.put(name + i, name + "-" + i, "" + i)))
                .toList();
        List<Reply> answers = replies.stream().map(CompletableFuture::join).toList();

        var positions = new HashSet<CommitTs>();
        for (Reply answer : answers) {
            assertThat(answer).isInstanceOfSatisfying(Reply.Committed.class, committed -> {
                assertThat(committed.versions()).containsExactly(1L);
                assertThat(positions.add(committed.commitTs())).isTrue();
            });
        }
        CommitTs after = leader.query(state -> state.view().at());
        assertThat(after.value() - before.value()).isEqualTo(MANY);
        cluster.awaitEqual();
    }

    @Test
    void aCommandTooLargeForTheLogIsRefusedByTheNameOfItsLimit() {
        String huge = "\"" + "x".repeat(RaftSettings.ENTRY_BYTES_MAX) + "\"";

        assertThat(cluster.commit(Commands.put(name, name, huge)))
                .isInstanceOfSatisfying(
                        Reply.LimitExceeded.class,
                        refusal -> assertThat(refusal.limit()).isEqualTo("transactionBytesMax"));
    }

    @Test
    void theLeaderTellsHowFarEachFollowerIs() {
        cluster.commit(Commands.put(name, name, "1"));
        String leader = cluster.awaitLeader();

        await().atMost(LocalCluster.SOON).untilAsserted(() -> {
            ClusterView view = cluster.log(leader).cluster();
            assertThat(view.voters()).extracting(Member::id).containsExactly("n1", "n2", "n3");
            assertThat(view.followerLagEntries())
                    .hasSize(2)
                    .allSatisfy((id, lag) -> assertThat(lag).isZero());
            assertThat(view.applyLagEntries()).isZero();
        });
    }

    @Test
    void theRaftPortOffersNoneOfRatissServicesForClients() {
        var address = HostPort.parse(cluster.log("n1").cluster().self().raftAddress());
        var bytes = PeerMethods.READ_INDEX.getRequestMarshaller();
        var method = MethodDescriptor.newBuilder(bytes, bytes)
                .setFullMethodName("ratis.grpc.AdminProtocolService/groupManagement")
                .setType(MethodDescriptor.MethodType.UNARY)
                .build();
        var channel = NettyChannelBuilder.forAddress(address.host(), address.port())
                .usePlaintext()
                .build();
        try {
            Assertions.assertThatThrownBy(
                            () -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, new byte[0]))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("PERMISSION_DENIED");
        } finally {
            channel.shutdownNow();
        }
    }
}
