package io.statehouse.node;

import static io.statehouse.node.contract.V1Client.object;
import static io.statehouse.node.contract.V1Client.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A reader that pauses is slow for itself only. */
class ReplayBackPressureTest {
    private static final String ADA = "ada";
    private static final int EVENTS = 300;
    private static final int EVENT_BYTES = 100_000;
    private static final int READERS = 40;

    /** Of an agent with small events: many of them are in a page. */
    private static final String BEA = "bea";

    private static final int SMALL_EVENTS = 2_000;
    private static final int SMALL_EVENT_BYTES = 200;

    /** What flow control lets through to a reader that takes nothing: its window and the server's, in events. */
    private static final int EVENTS_ON_THE_WAY_MAX = 60;

    private static FakeLog.Counting log;
    private static TestNode node;
    private static V1Client client;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT);
        log = new FakeLog.Counting(
                SoloLog.open(TestNode.config(Map.of()).self(), state, Clock.systemUTC(), new SplittableRandom(1)));
        node = TestNode.start(new StatehouseNode(TestNode.config(Map.of()), log, BuildInfo.read()));
        client = new V1Client(node.address(), "");
        channel = ManagedChannelBuilder.forTarget(node.address()).usePlaintext().build();
        String value = "x".repeat(EVENT_BYTES);
        for (int i = 0; i < EVENTS; i++) {
            client.put(ADA, "k" + i, object("v", text(value)));
        }
        String small = "x".repeat(SMALL_EVENT_BYTES);
        for (int i = 0; i < SMALL_EVENTS; i++) {
            client.put(BEA, "k", object("v", text(small)));
        }
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        client.close();
        node.close();
    }

    /** Takes events one by one, when it is told to. */
    private static final class Reader implements ClientResponseObserver<ReplayRequest, ReplayEvent> {
        private final AtomicLong taken = new AtomicLong();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final List<Long> commits = new ArrayList<>();
        private @Nullable ClientCallStreamObserver<ReplayRequest> call;

        private static Reader open() {
            return open(ADA);
        }

        private static Reader open(String agent) {
            Reader reader = new Reader();
            StatehouseServiceGrpc.newStub(channel)
                    .replay(ReplayRequest.newBuilder().setAgentId(agent).build(), reader);
            return reader;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ReplayRequest> starting) {
            call = starting;
            starting.disableAutoRequestWithInitial(1);
        }

        private void take(int count) {
            Objects.requireNonNull(call).request(count);
        }

        private void leave() {
            Objects.requireNonNull(call).cancel("enough", null);
        }

        @Override
        public void onNext(ReplayEvent event) {
            commits.add(event.getCommitTs());
            taken.incrementAndGet();
        }

        @Override
        public void onError(Throwable failure) {
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }

    private static void awaitTaken(Reader reader, long count) {
        await().until(() -> reader.taken.get() >= count);
    }

    @Test
    void nothingIsReadForAReaderThatPauses() {
        long before = log.questions();
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(Reader.open());
        }
        readers.forEach(reader -> awaitTaken(reader, 1));

        // Every page holds at least one event, so all of history would be many more questions.
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(30))
                .until(() -> log.questions() - before < READERS * EVENTS_ON_THE_WAY_MAX);
        readers.forEach(Reader::leave);
    }

    @Test
    void aSlowReaderGetsEveryEventOnceInOrder() throws InterruptedException {
        Reader reader = Reader.open();
        for (int taken = 1; taken < EVENTS; taken += 7) {
            awaitTaken(reader, taken);
            reader.take(7);
        }
        reader.take(EVENTS);

        assertThat(reader.ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.commits)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, EVENTS).boxed().toList());
    }

    @Test
    void aReaderThatHasNoRoomWithinAPageMissesNothing() throws InterruptedException {
        Reader reader = Reader.open(BEA);
        awaitTaken(reader, 1);
        // Long enough for gRPC to be full.
        await().during(Duration.ofMillis(500)).until(() -> reader.taken.get() == 1);
        for (int taken = 1; taken < SMALL_EVENTS; taken += 97) {
            awaitTaken(reader, taken);
            reader.take(97);
        }

        assertThat(reader.ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.commits)
                .containsExactlyElementsOf(LongStream.rangeClosed(EVENTS + 1, EVENTS + SMALL_EVENTS)
                        .boxed()
                        .toList());
    }

    @Test
    void aPausedReaderStopsNobodyElse() {
        List<Reader> paused = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            paused.add(Reader.open());
        }
        paused.forEach(reader -> awaitTaken(reader, 1));

        assertThat(client.replay(ADA)).hasSize(EVENTS);
        client.begin();

        paused.forEach(Reader::leave);
    }

    @Test
    void workForAReaderThatLeftStops() {
        Reader reader = Reader.open();
        awaitTaken(reader, 1);

        reader.leave();

        await().until(() -> callsInFlight() == 0);
    }

    private static double callsInFlight() {
        return HttpProbe.metric(node.httpPort(), "statehouse_calls_in_flight");
    }

    @Test
    void theSetIsFixedAtTheStartOfTheCall() throws InterruptedException {
        Reader reader = Reader.open();
        awaitTaken(reader, 1);
        long later = client.put("bob", "k", object("v", text("later")));
        reader.take(2 * EVENTS);

        assertThat(reader.ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.commits).doesNotContain(later).hasSize(EVENTS);
    }
}
