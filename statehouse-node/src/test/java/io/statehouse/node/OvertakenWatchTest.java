package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetRetentionRequest;
import io.statehouse.proto.v1.RetentionPolicy;
import io.statehouse.proto.v1.SetRetentionRequest;
import io.statehouse.proto.v1.ValueFormat;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import io.statehouse.proto.v1.WatchServiceGrpc;
import io.statehouse.raft.Member;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A watch whose reader is so slow that retention comes past it. */
class OvertakenWatchTest extends NativeSession {
    private static final HandClock CLOCK = new HandClock();

    /** More than lies between a node and a reader that takes nothing. */
    private static final int COMMITS = 40;

    private static final String LARGE = "\"" + "x".repeat(500_000) + "\"";

    @BeforeAll
    static void start() {
        var log = SoloLog.open(
                new Member("n1", "127.0.0.1:1", "127.0.0.1:1"),
                StateMachine.open(new TreeStore(), Limits.DEFAULT),
                CLOCK,
                new SplittableRandom(1));
        node = TestNode.start(new StatehouseNode(TestNode.config(Map.of()), log, BuildInfo.read()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aReaderThatTheFloorComesPastGetsAllBeforeItAndIsToldTheOldestPointThereIs() {
        long first = commit(put("k", "0")).getCommitTs();
        var reader = new Reader();
        WatchServiceGrpc.newStub(client.stub().getChannel())
                .watch(
                        WatchRequest.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId(ADA)
                                .setStartTs(first)
                                .setFormat(ValueFormat.VALUE_FORMAT_JSON)
                                .build(),
                        reader);
        for (int i = 1; i < COMMITS; i++) {
            commit(put("k", LARGE));
        }
        long floor = keepOneVersion(first + COMMITS - 1);

        reader.takeAll();
        await().until(() -> reader.failure != null);

        assertThat(reader.seen)
                .as("no gap before the end")
                .containsExactlyElementsOf(LongStream.range(first, first + reader.seen.size())
                        .boxed()
                        .toList())
                .hasSizeLessThan(COMMITS - 1);
        var failure = (StatusRuntimeException) Objects.requireNonNull(reader.failure);
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
        assertThat(V1Client.errorOf(failure).getCode()).isEqualTo(ErrorCode.COMPACTED);
        assertThat(V1Client.errorOf(failure).getDetailsMap()).containsEntry("oldest_commit_ts", Long.toString(floor));
    }

    private long keepOneVersion(long floor) {
        client.past()
                .setRetention(SetRetentionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setPolicy(RetentionPolicy.newBuilder().setKeepVersions(1))
                        .setTxnId(UUID.randomUUID().toString())
                        .build());
        CLOCK.pass(Duration.ofMinutes(1));
        var asked = GetRetentionRequest.newBuilder().setNamespace(namespace).build();
        await().until(() -> client.past().getRetention(asked).getFloorTs() == floor);
        return floor;
    }

    /** Takes one message of a watch, and no more until it is told to. */
    private static final class Reader implements ClientResponseObserver<WatchRequest, WatchResponse> {
        private final List<Long> seen = new CopyOnWriteArrayList<>();
        private volatile @Nullable Throwable failure;
        private volatile @Nullable ClientCallStreamObserver<WatchRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
            call = stream;
            stream.disableAutoRequestWithInitial(1);
        }

        void takeAll() {
            Objects.requireNonNull(call).request(Integer.MAX_VALUE);
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.hasEvent()) {
                seen.add(response.getEvent().getCommitTs());
            }
        }

        @Override
        public void onError(Throwable error) {
            failure = error;
        }

        @Override
        public void onCompleted() {
            failure = new IllegalStateException("a watch has no end");
        }
    }
}
