package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.statehouse.node.config.Setting;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.EventFilter;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.ValueFormat;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import io.statehouse.proto.v1.WatchServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final int STALL_MAX_MILLIS = 500;

    /** Small and fixed, so that a reader that takes nothing is felt at once. */
    private static final int WINDOW_BYTES = 64 << 10;

    private TestNode node;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        node = TestNode.start(Map.of(Setting.WATCH_STALL_MAX_MS, Integer.toString(STALL_MAX_MILLIS)));
        channel = NettyChannelBuilder.forTarget(node.address())
                .usePlaintext()
                .flowControlWindow(WINDOW_BYTES)
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        node.close();
    }

    @Test
    void aWatchFromThePastDeliversEveryCommitOnceAndGoesOnWithThePresent() {
        commit("ada", "k", 20);
        Reader reader = watch(fromStart().build(), Integer.MAX_VALUE);
        reader.awaitEvents(20);

        commit("ada", "k", 30);

        reader.awaitEvents(50);
        assertThat(reader.commits())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
    }

    @Test
    void aWatchWithoutAStartSaysWhereItBeginsAndDeliversWhatComesNext() {
        commit("ada", "k", 3);
        Reader reader = watch(WatchRequest.newBuilder().setAgentId("ada").build(), Integer.MAX_VALUE);
        await().until(() -> reader.marks().contains(3L));

        commit("ada", "k", 2);

        reader.awaitEvents(2);
        assertThat(reader.commits()).containsExactly(4L, 5L);
    }

    @Test
    void onlyWhatMatchesIsDeliveredAndMarksSayWhatWasPassed() {
        Reader reader = watch(
                fromStart()
                        .setFilter(EventFilter.newBuilder().setKeyPrefix("note/"))
                        .setProgressIntervalMs(100)
                        .build(),
                Integer.MAX_VALUE);

        commit("ada", "task", 5);
        commit("bob", "note/1", 1);
        commit("ada", "note/1", 1);
        commit("ada", "task", 2);

        reader.awaitEvents(1);
        await().until(() -> reader.marks().contains(9L));
        assertThat(reader.commits()).containsExactly(7L);
    }

    @Test
    void aWatchOfANamespaceNamesTheAgentOfEachOperation() {
        Reader reader = watch(WatchRequest.newBuilder().setStartTs(1).build(), Integer.MAX_VALUE);

        commit("ada", "k", 1);
        commit("bob", "k", 1);

        reader.awaitEvents(2);
        assertThat(reader.responses.stream()
                        .filter(WatchResponse::hasEvent)
                        .map(response -> response.getEvent().getOperations(0).getAgentId()))
                .containsExactly("ada", "bob");
    }

    @Test
    void aWatchResumesWhereAnotherEnded() {
        commit("ada", "k", 4);
        Reader first = watch(fromStart().build(), Integer.MAX_VALUE);
        first.awaitEvents(4);
        first.cancel();
        commit("ada", "k", 4);

        Reader second = watch(fromStart().setStartTs(5).build(), Integer.MAX_VALUE);

        second.awaitEvents(4);
        assertThat(second.commits()).containsExactly(5L, 6L, 7L, 8L);
    }

    @Test
    void aReaderThatTakesNothingIsClosedAndToldWhereToResume() {
        Reader reader = watch(fromStart().build(), 1);
        String large = "\"" + "x".repeat(500_000) + "\"";
        for (int i = 0; i < 12; i++) {
            commit("ada", "k", large);
        }

        await().atMost(Duration.ofSeconds(20))
                .until(() -> HttpProbe.send(node.httpPort(), "GET", "/metrics")
                        .body()
                        .contains("rpc=\"Watch\",status=\"RESOURCE_EXHAUSTED\""));
        reader.takeAll();
        await().until(() -> reader.failure != null);
        Status status = Status.fromThrowable(reader.failure());
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).contains("watchStallMax").contains("resume at commit_ts");
    }

    @Test
    void aSlowReaderGetsEveryCommitOnceAndInOrder() {
        String large = "\"" + "x".repeat(200_000) + "\"";
        for (int i = 0; i < 12; i++) {
            commit("ada", "k", large);
        }

        // One at a time, so that there is hardly ever room for the next.
        Reader reader = watch(fromStart().build(), 1);
        for (int taken = 1; reader.commits().size() < 12 && taken < 16; taken++) {
            reader.awaitResponses(taken);
            reader.take(1);
        }

        assertThat(reader.commits())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 12).boxed().toList());
    }

    @Test
    void aStoppingNodeEndsItsWatchesSoThatReadersGoOnElsewhere() {
        Reader reader = watch(fromStart().build(), Integer.MAX_VALUE);
        await().until(() -> !reader.marks().isEmpty());

        node.close();

        await().until(() -> reader.failure != null);
        assertThat(Status.fromThrowable(reader.failure()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void anAgentIdOverTheLimitIsRefused() {
        Reader reader =
                watch(WatchRequest.newBuilder().setAgentId("a".repeat(2_000)).build(), Integer.MAX_VALUE);

        await().until(() -> reader.failure != null);
        assertThat(reader.failure()).isInstanceOf(StatusRuntimeException.class).hasMessageContaining("idBytesMax");
    }

    private static WatchRequest.Builder fromStart() {
        return WatchRequest.newBuilder().setAgentId("ada").setStartTs(1).setFormat(ValueFormat.VALUE_FORMAT_JSON);
    }

    private Reader watch(WatchRequest request, int messages) {
        Reader reader = new Reader(messages);
        WatchServiceGrpc.newStub(channel).watch(request, reader);
        return reader;
    }

    private void commit(String agent, String key, int times) {
        for (int i = 0; i < times; i++) {
            commit(agent, key, "{\"i\":" + i + "}");
        }
    }

    private void commit(String agent, String key, String json) {
        StatehouseServiceGrpc.newBlockingStub(channel)
                .commit(CommitRequest.newBuilder()
                        .setTxnId(UUID.randomUUID().toString())
                        .setTransaction(Transaction.newBuilder()
                                .addOperations(TransactionOperation.newBuilder()
                                        .setAgentId(agent)
                                        .setKey(key)
                                        .setJson(ByteString.copyFromUtf8(json))))
                        .build());
    }

    /** Takes so many messages of a watch and no more. */
    private static final class Reader implements ClientResponseObserver<WatchRequest, WatchResponse> {
        private final int messages;
        private final List<WatchResponse> responses = new CopyOnWriteArrayList<>();
        private volatile @Nullable Throwable failure;
        private volatile @Nullable ClientCallStreamObserver<WatchRequest> call;

        Reader(int messages) {
            this.messages = messages;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
            call = stream;
            stream.disableAutoRequestWithInitial(messages);
        }

        @Override
        public void onNext(WatchResponse response) {
            responses.add(response);
        }

        @Override
        public void onError(Throwable error) {
            failure = error;
        }

        @Override
        public void onCompleted() {
            failure = new IllegalStateException("a watch has no end");
        }

        void cancel() {
            Objects.requireNonNull(call).cancel("done", null);
        }

        void takeAll() {
            Objects.requireNonNull(call).request(Integer.MAX_VALUE);
        }

        void take(int more) {
            Objects.requireNonNull(call).request(more);
        }

        void awaitResponses(int count) {
            await().atMost(Duration.ofSeconds(20)).until(() -> responses.size() >= count);
        }

        Throwable failure() {
            return Objects.requireNonNull(failure);
        }

        void awaitEvents(int count) {
            await().atMost(Duration.ofSeconds(20)).until(() -> commits().size() >= count);
        }

        List<Long> commits() {
            return responses.stream()
                    .filter(WatchResponse::hasEvent)
                    .map(response -> response.getEvent().getCommitTs())
                    .toList();
        }

        List<Long> marks() {
            return responses.stream()
                    .filter(response -> !response.hasEvent())
                    .map(WatchResponse::getProgressTs)
                    .toList();
        }
    }
}
