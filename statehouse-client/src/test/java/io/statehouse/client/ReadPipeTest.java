package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetStateResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadPipeTest {
    private static final int READS = 2_000;
    private static final Json VALUE = Json.parse("1");
    private static final int LARGE = 200_000;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final GetStateRequest GET =
            GetStateRequest.newBuilder().setAgentId("ada").setKey("task").build();

    @Test
    void readsThatAreUnderWayTogetherShareOneCall() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            client.put("ada", "task", VALUE);

            var entries = all(get(client, READS));

            assertThat(entries).hasSize(READS).allMatch(entry -> VALUE.equals(entry.value()));
            assertThat(cluster.node(0).reads().streams).hasValue(1);
            assertThat(cluster.node(0).reads().reads.get()).isGreaterThan(READS / 2);
        }
    }

    @Test
    void aReadThatIsAloneHasACallOfItsOwn() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            client.get("ada", "task");

            assertThat(cluster.node(0).reads().streams).hasValue(0);
        }
    }

    @Test
    void readsOneAfterAnotherShareOneCall() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            for (int i = 0; i < READS; i++) {
                client.get("ada", "task");
            }

            assertThat(cluster.node(0).reads().streams).hasValue(1);
            assertThat(cluster.node(0).reads().reads.get()).isGreaterThan(READS / 2);
        }
    }

    @Test
    void anAnswerThatIsTooLargeIsRefusedByItself() {
        try (var cluster = new FakeCluster(1);
                var writer = cluster.connect();
                var client = cluster.connect(o -> o.answerBytesMax(LARGE / 2))) {
            writer.put("ada", "task", VALUE);
            writer.put("ada", "large", Json.of("x".repeat(LARGE)));
            var small = get(client, READS);
            var large = client.getAsync("ada", "large");
            small.addAll(get(client, READS));

            assertThat(ends(List.of(large))).singleElement().isInstanceOf(StatehouseException.Refused.class);
            assertThat(all(small)).allMatch(entry -> VALUE.equals(entry.value()));
        }
    }

    @Test
    void aStreamThatCannotBeOpenedIsToldInOneLine() {
        try (var client =
                StatehouseClient.connect(ClientOptions.of("127.0.0.1:1").callTimeout(Duration.ofMillis(300)))) {
            var ends = ends(get(client, 10));

            assertThat(ends)
                    .hasSize(10)
                    .allSatisfy(end -> assertThat(end)
                            .isInstanceOf(StatehouseException.Unavailable.class)
                            .message()
                            .doesNotContain("Exception")
                            .hasLineCount(1));
        }
    }

    @Test
    void aCallThatNobodyUsesEnds() {
        try (var cluster = new FakeCluster(1);
                var connections = new Connections(FakeCluster.patient(cluster.addresses()), null)) {
            var pipe = pipe(cluster, connections);
            var heard = new CompletableFuture<GetStateResponse>();
            assertThat(pipe.take(GET, LONG, hearer(heard))).isTrue();
            assertThat(heard).succeedsWithin(LONG);

            assertThat(pipe.endIfIdle(System.nanoTime())).isFalse();
            assertThat(pipe.endIfIdle(muchLater())).isTrue();

            assertThat(pipe.take(GET, LONG, hearer(heard))).isFalse();
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(cluster.node(0).reads().ended).hasValue(1));
        }
    }

    @Test
    void aCallIsNotIdleWhileSomebodyWaits() {
        try (var cluster = new FakeCluster(1);
                var connections = new Connections(FakeCluster.patient(cluster.addresses()), null)) {
            cluster.node(0).deed = FakeNode.Deed.BE_SILENT;
            var pipe = pipe(cluster, connections);
            assertThat(pipe.take(GET, LONG, hearer(new CompletableFuture<>()))).isTrue();

            assertThat(pipe.endIfIdle(muchLater())).isFalse();
        }
    }

    private static long muchLater() {
        return System.nanoTime() + Pipe.IDLE_MAX.toNanos() * 2;
    }

    private static Pipe<GetStateRequest, GetStateResponse, ?, ?> pipe(FakeCluster cluster, Connections connections) {
        var channel = connections.to(Endpoint.parse(cluster.node(0).address()));
        return new Pipe<>(PipeKind.READS, channel, Runnable::run, time -> {});
    }

    private static Call.Hearer<GetStateResponse> hearer(CompletableFuture<GetStateResponse> heard) {
        return new Call.Hearer<>() {
            @Override
            public void answered(GetStateResponse answer) {
                heard.complete(answer);
            }

            @Override
            public void failed(Verdict verdict) {
                heard.completeExceptionally(new AssertionError(verdict));
            }
        };
    }

    @Test
    void whatWasUnderWayWhenTheNodeDiedIsReadFromTheOther() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            cluster.lead(cluster.node(0));
            client.put("ada", "task", VALUE);
            cluster.node(0).deed = FakeNode.Deed.BE_SILENT;
            var underWay = get(client, READS);
            cluster.node(1).deed = FakeNode.Deed.ANSWER;
            cluster.node(0).die();

            assertThat(all(underWay)).hasSize(READS).allMatch(entry -> VALUE.equals(entry.value()));
        }
    }

    @Test
    void aNodeThatDoesNotStreamIsAskedByCallsOfTheirOwn() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            client.put("ada", "task", VALUE);
            cluster.node(0).reads().isUnknown = true;

            assertThat(all(get(client, READS))).hasSize(READS).allMatch(entry -> VALUE.equals(entry.value()));

            assertThat(cluster.node(0).reads().reads).hasValue(0);
        }
    }

    @Test
    void whoIsNotLetInHearsItAtOnce() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            cluster.node(0).reads().refusal = FakeNode.error(ErrorCode.PERMISSION_DENIED, "you may not", Map.of());

            var ends = ends(get(client, READS));

            // A few went before there was company, by calls of their own.
            assertThat(ends)
                    .filteredOn(end -> end instanceof StatehouseException.Refused)
                    .hasSizeGreaterThan(READS / 2);
            assertThat(ends).noneMatch(StatehouseException.Unavailable.class::isInstance);
        }
    }

    @Test
    void whatIsNotAnsweredInTimeIsUnavailable() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(
                        o -> o.callTimeout(Duration.ofMillis(600)).tryTimeout(Duration.ofMillis(200)))) {
            cluster.node(0).deed = FakeNode.Deed.BE_SILENT;

            var ends = ends(get(client, 10));

            assertThat(ends).hasSize(10).allMatch(StatehouseException.Unavailable.class::isInstance);
        }
    }

    /** How each has failed; null where it has not. */
    private static List<@Nullable Throwable> ends(List<CompletableFuture<Entry>> reads) {
        var ends = new ArrayList<@Nullable Throwable>();
        for (var read : reads) {
            Throwable failure = read.handle((entry, thrown) -> thrown).join();
            ends.add(failure instanceof CompletionException ? failure.getCause() : failure);
        }
        return ends;
    }

    private static List<CompletableFuture<Entry>> get(StatehouseClient client, int times) {
        var reads = new ArrayList<CompletableFuture<Entry>>();
        for (int i = 0; i < times; i++) {
            reads.add(client.getAsync("ada", "task"));
        }
        return reads;
    }

    private static List<Entry> all(List<CompletableFuture<Entry>> reads) {
        return reads.stream().map(CompletableFuture::join).toList();
    }
}
