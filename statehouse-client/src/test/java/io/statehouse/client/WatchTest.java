package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchTest {
    @Test
    void whatCommitsAfterTheCallHasReturnedIsDelivered() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            write(client, 3);

            try (Watch watch = client.watch(WatchQuery.of("ada"))) {
                assertThat(watch.resumeTs()).isEqualTo(4);
                write(client, 2);

                assertThat(watch.next().commitTs()).isEqualTo(4);
                assertThat(watch.next().commitTs()).isEqualTo(5);
                assertThat(watch.resumeTs()).isEqualTo(6);
            }
        }
    }

    @Test
    void aWatchWhoseNodesDieGoesOnWithoutGapOrDuplicate() {
        try (var cluster = new FakeCluster(3);
                var client = cluster.connect()) {
            write(client, 500);
            cluster.node(0).watches().diesAfterEvents = 100;
            cluster.node(1).watches().diesAfterEvents = 0;
            cluster.node(2).watches().diesAfterEvents = 70;

            List<Long> seen = new ArrayList<>();
            try (Watch watch = client.watch(WatchQuery.of("ada").from(1))) {
                while (seen.size() < 500) {
                    seen.add(watch.next().commitTs());
                    for (int i = 0; i < 3; i++) {
                        if (!cluster.node(i).isRunning()) {
                            cluster.node(i).restart();
                        }
                    }
                }
            }

            assertThat(seen).isEqualTo(LongStream.rangeClosed(1, 500).boxed().toList());
        }
    }

    @Test
    void aWatchThatWasClosedIsResumedByItsToken() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            write(client, 10);
            long token;
            try (Watch watch = client.watch(WatchQuery.of("ada").from(1))) {
                watch.next();
                watch.next();
                token = watch.resumeTs();
            }

            try (Watch watch = client.watch(WatchQuery.of("ada").from(token))) {
                assertThat(watch.next().commitTs()).isEqualTo(3);
            }
        }
    }

    @Test
    void pollingEndsWithoutAnEventWhenNothingHappens() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect();
                Watch watch = client.watch(WatchQuery.of("ada"))) {
            assertThat(watch.poll(Duration.ofMillis(20))).isNull();
        }
    }

    @Test
    void aRefusalEndsTheWatchWithItsCode() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            cluster.node(0).failure =
                    FakeNode.error(ErrorCode.COMPACTED, "compacted", Map.of("oldest_commit_ts", "40"));
            cluster.node(0).deed = FakeNode.Deed.FAIL;

            try (Watch watch = client.watch(WatchQuery.of("ada").from(1))) {
                assertThatThrownBy(watch::hasNext)
                        .isInstanceOfSatisfying(StatehouseException.Refused.class, refused -> {
                            assertThat(refused.code()).isEqualTo(RefusalCode.COMPACTED);
                            assertThat(refused.details()).containsEntry("oldest_commit_ts", "40");
                        });
            }
        }
    }

    @Test
    void aSlowReaderIsNotReconnectedBeforeItWantsMore() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            write(client, 2);
            var subscriber = new Collecting();
            client.watchPublisher(WatchQuery.of("ada").from(1)).subscribe(subscriber);
            subscriber.subscription().request(1);
            await().until(() -> subscriber.seen.size() == 1);
            cluster.node(0).die();
            cluster.node(0).restart();
            int before = cluster.node(0).watches().watches.size();

            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            int meanwhile = cluster.node(0).watches().watches.size();
            subscriber.subscription().request(1);
            await().until(() -> subscriber.seen.size() == 2);

            assertThat(meanwhile).isEqualTo(before);
            assertThat(subscriber.seen).containsExactly(1L, 2L);
            subscriber.subscription().cancel();
        }
    }

    @Test
    void aCommitInSeveralMessagesIsResumedWithinIt() {
        var position = new WatchPosition(WatchRequest.newBuilder().setStartTs(5).build());
        position.take(event(7));
        position.take(event(7));

        WatchRequest rest = position.next();

        assertThat(rest.getStartTs()).isEqualTo(7);
        assertThat(position.take(event(7))).isInstanceOf(FeedPosition.Step.Repeated.class);
        assertThat(position.take(event(7))).isInstanceOf(FeedPosition.Step.Repeated.class);
        assertThat(position.take(event(7))).isInstanceOf(FeedPosition.Step.Deliver.class);
        assertThat(position.take(event(8))).isInstanceOf(FeedPosition.Step.Deliver.class);
    }

    @Test
    void aMarkOfANodeThatIsBehindTakesNothingBack() {
        var position = new WatchPosition(WatchRequest.getDefaultInstance());
        position.take(mark(10));
        position.take(mark(3));

        assertThat(position.next().getStartTs()).isEqualTo(11);
    }

    private static WatchResponse event(long commitTs) {
        return WatchResponse.newBuilder()
                .setEvent(ReplayEvent.newBuilder().setCommitTs(commitTs))
                .build();
    }

    private static WatchResponse mark(long commitTs) {
        return WatchResponse.newBuilder().setProgressTs(commitTs).build();
    }

    private static void write(StatehouseClient client, int times) {
        for (int i = 0; i < times; i++) {
            client.put("ada", "k", Json.of(i));
        }
    }

    /** Keeps what it gets and asks for nothing by itself. */
    private static final class Collecting implements Flow.Subscriber<Event> {
        private final List<Long> seen = new CopyOnWriteArrayList<>();
        private final List<Flow.Subscription> subscriptions = new CopyOnWriteArrayList<>();

        private Flow.Subscription subscription() {
            return subscriptions.get(0);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriptions.add(subscription);
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
            throw new AssertionError("a watch has no end");
        }
    }
}
