package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.ReplayRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplayTest {
    @Test
    void everyEventComesOnceAndInOrderWithWhatItCarries() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(o -> o.actor("writer"))) {
            client.commit(Commit.builder()
                    .put("ada", "task", Json.of(Map.of("n", 1)))
                    .delete("ada", "draft")
                    .read(StateKey.of("ada", "plan"), 4)
                    .label("run", "7")
                    .traceId("t1")
                    .build());

            try (Replay replay = client.replay(ReplayQuery.of("ada"))) {
                Event event = replay.next();

                assertThat(event.commitTs()).isEqualTo(1);
                assertThat(event.origin()).isEqualTo(new Origin("writer", "t1", Map.of("run", "7")));
                assertThat(event.readSet()).containsExactly(new ReadRecord(new StateKey("default", "ada", "plan"), 4));
                assertThat(event.operations())
                        .containsExactly(
                                new Operation(new StateKey("default", "ada", "task"), Json.parse("{\"n\":1}"), 1),
                                new Operation(new StateKey("default", "ada", "draft"), null, 1));
                assertThat(replay.hasNext()).isFalse();
            }
        }
    }

    @Test
    void aReplayWhoseNodeDiesGoesOnAtAnotherWithoutGapOrDuplicate() {
        try (var cluster = new FakeCluster(3);
                var client = cluster.connect()) {
            write(client, 1_000);
            cluster.node(0).service().diesAfterEvents = 250;
            cluster.node(1).service().diesAfterEvents = 1;
            cluster.node(2).service().diesAfterEvents = 600;

            List<Long> seen = new ArrayList<>();
            try (Replay replay = client.replay(ReplayQuery.of("ada"))) {
                while (replay.hasNext()) {
                    seen.add(replay.next().commitTs());
                    for (int i = 0; i < 3; i++) {
                        if (!cluster.node(i).isRunning()) {
                            cluster.node(i).restart();
                        }
                    }
                }
            }

            assertThat(seen).isEqualTo(LongStream.rangeClosed(1, 1_000).boxed().toList());
            assertThat(replays(cluster)).isGreaterThan(3);
        }
    }

    @Test
    void aReplayBackwardsWithALimitGoesOnWhereItBroke() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            write(client, 100);
            cluster.node(0).service().diesAfterEvents = 10;
            cluster.node(1).service().diesAfterEvents = -1;

            try (Replay replay = client.replay(ReplayQuery.of("ada").newest(30))) {
                List<Long> seen = replay.stream().map(Event::commitTs).toList();

                assertThat(seen)
                        .isEqualTo(LongStream.rangeClosed(0, 29)
                                .mapToObj(i -> 100 - i)
                                .toList());
            }
        }
    }

    @Test
    void eventsOfTheSameCommitAreCountedSoThatNoneIsLostOrDoubled() {
        var position = new ReplayPosition(ReplayRequest.newBuilder()
                .setAllAgents(true)
                .setLimit(10)
                .setEndTs(9)
                .build());
        assertThat(position.advance(event(4))).isTrue();
        assertThat(position.advance(event(5))).isTrue();
        assertThat(position.advance(event(5))).isTrue();

        ReplayRequest rest = position.next();

        assertThat(rest.getStartTs()).isEqualTo(5);
        assertThat(rest.getEndTs()).isEqualTo(9);
        assertThat(rest.getLimit()).isEqualTo(9);
        assertThat(position.advance(event(5))).isFalse();
        assertThat(position.advance(event(5))).isFalse();
        assertThat(position.advance(event(5))).isTrue();
        assertThat(position.advance(event(6))).isTrue();
    }

    @Test
    void aLocalReplayThatGoesOnElsewhereWaitsForThatNodeToCatchUp() {
        var whole = ReplayRequest.newBuilder();
        whole.getOptionsBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL);
        var position = new ReplayPosition(whole.build());
        assertThat(position.advance(event(7))).isTrue();

        var options = position.next().getOptions();

        assertThat(options.getConsistency()).isEqualTo(Consistency.CONSISTENCY_AT_LEAST);
        assertThat(options.getAtLeastCommitTs()).isEqualTo(7);
    }

    @Test
    void aReaderThatStopsReadingHoldsTheServerBack() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            String large = "x".repeat(20_000);
            for (int i = 0; i < 2_000; i++) {
                client.put("ada", "k" + i, Json.of(large));
            }

            try (Replay replay = client.replay(ReplayQuery.of("ada"))) {
                assertThat(replay.next().commitTs()).isEqualTo(1);
                int sent = settled(cluster.node(0));

                assertThat(sent).isLessThan(1_500);
                assertThat(replay.stream().count()).isEqualTo(1_999);
            }
        }
    }

    @Test
    void closingAReplayStopsItOnTheNode() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            write(client, 5_000);
            Replay replay = client.replay(ReplayQuery.of("ada"));
            replay.next();

            replay.close();

            await().untilAsserted(() ->
                    assertThat(cluster.node(0).service().replaysCancelled).hasValue(1));
            assertThatThrownBy(replay::hasNext).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aReplayThatNobodyGoesOnWithEndsWithinItsTime() throws IOException {
        var options = FakeCluster.patient(FailoverTest.closedAddress()).callTimeout(Duration.ofMillis(500));
        try (var client = StatehouseClient.connect(options);
                Replay replay = client.replay(ReplayQuery.of("ada"))) {
            assertThatThrownBy(replay::hasNext)
                    .isInstanceOf(StatehouseException.Unavailable.class)
                    .hasMessageContaining("no more events within 500 ms");
        }
    }

    @Test
    void aSilentNodeIsLeftForOneThatSpeaks() throws IOException {
        try (var hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var cluster = new FakeCluster(2)) {
            String addresses = "127.0.0.1:" + hole.getLocalPort() + "," + cluster.addresses();
            var options = FakeCluster.patient(addresses)
                    .tryTimeout(Duration.ofMillis(300))
                    .streamIdleTimeout(Duration.ofMillis(400));
            try (var client = StatehouseClient.connect(options)) {
                client.put("ada", "task", Json.NULL);
                cluster.node(0).deed = FakeNode.Deed.BE_SILENT;

                try (Replay replay = client.replay(ReplayQuery.of("ada"))) {
                    assertThat(replay.stream().count()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void aRefusedReplaySaysWhy() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            cluster.node(0).deed = FakeNode.Deed.FAIL;
            cluster.node(0).failure = FakeNode.error(ErrorCode.COMPACTED, "gone", Map.of("oldest_commit_ts", "50"));

            try (Replay replay = client.replay(ReplayQuery.of("ada").from(1))) {
                var refused = catchThrowableOfType(StatehouseException.Refused.class, replay::hasNext);

                assertThat(refused.code()).isEqualTo(RefusalCode.COMPACTED);
                assertThat(refused.details()).containsEntry("oldest_commit_ts", "50");
            }
        }
    }

    @Test
    void aSubscriberGetsAsManyEventsAsItAsksFor() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            write(client, 600);
            var subscriber = new Collecting();

            client.replayPublisher(ReplayQuery.of("ada")).subscribe(subscriber);
            subscriber.request(3);
            await().until(() -> subscriber.seen.size() == 3);
            subscriber.request(Long.MAX_VALUE);
            await().until(() -> subscriber.completed);

            assertThat(subscriber.seen)
                    .isEqualTo(LongStream.rangeClosed(1, 600).boxed().toList());
        }
    }

    private static io.statehouse.proto.v1.ReplayEvent event(long commitTs) {
        return io.statehouse.proto.v1.ReplayEvent.newBuilder()
                .setCommitTs(commitTs)
                .build();
    }

    private static void write(StatehouseClient client, int events) {
        var results = LongStream.rangeClosed(1, events)
                .mapToObj(i -> client.putAsync("ada", "k" + i, Json.of(i)))
                .toList();
        results.forEach(result -> assertThat(result).succeedsWithin(Duration.ofSeconds(20)));
    }

    private static int replays(FakeCluster cluster) {
        return cluster.node(0).service().replays.size()
                + cluster.node(1).service().replays.size()
                + cluster.node(2).service().replays.size();
    }

    // The number of events sent, once it has stayed the same for half a second.
    private static int settled(FakeNode node) {
        var sent = node.service().eventsSent;
        int[] last = {-1};
        await().pollInterval(Duration.ofMillis(500)).until(() -> last[0] == (last[0] = sent.get()));
        return last[0];
    }

    /** Takes what comes. */
    private static final class Collecting implements Flow.Subscriber<Event> {
        private final List<Long> seen = new CopyOnWriteArrayList<>();
        private Flow.@Nullable Subscription subscription;
        private volatile boolean completed;

        private void request(long events) {
            if (subscription != null) {
                subscription.request(events);
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription own) {
            subscription = own;
        }

        @Override
        public void onNext(Event event) {
            seen.add(event.commitTs());
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {
            completed = true;
        }
    }
}
