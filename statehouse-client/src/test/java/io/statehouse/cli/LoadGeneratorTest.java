package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.statehouse.client.Json;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.HealthResponse;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadGeneratorTest {
    private static final long STALL_MILLIS = 600;

    private final AtomicInteger commits = new AtomicInteger();
    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void itMeasuresReadsAndWritesInTheRatioThatIsAsked() {
        try (var server = quick().start()) {
            var figures = bench(server, "--read-ratio", "0.75", "--concurrency", "16", "--value-size", "100");

            double reads = figures.number("reads", "succeeded");
            double writes = figures.number("writes", "succeeded");
            assertThat(reads).isPositive();
            assertThat(reads / (reads + writes)).isBetween(0.6, 0.9);
            assertThat(figures.number("writes", "p50_us")).isPositive();
            assertThat(figures.number("writes", "errors")).isZero();
        }
    }

    @Test
    void aValueHasTheSizeThatIsAsked() {
        var sizes = new ConcurrentSkipListSet<Integer>();
        var server = new ScriptedServer().answer(StatehouseServiceGrpc.getCommitMethod(), request -> {
            sizes.add(request.getTransaction().getOperations(0).getJson().size());
            return CommitResponse.newBuilder().setCommitTs(1).addVersions(1).build();
        });
        try (var started = healthy(server).start()) {
            Figures unused = bench(started, "--value-size", "1000");

            assertThat(sizes).containsExactly(1_000);
        }
    }

    @Test
    void refusalsAreErrorsByTheirCode() {
        var server = new ScriptedServer().answer(StatehouseServiceGrpc.getCommitMethod(), request -> {
            if (commits.incrementAndGet() % 2 == 0) {
                throw ScriptedStore.error(
                        Status.Code.RESOURCE_EXHAUSTED, ErrorCode.STORAGE_FULL, "the disk is full", Map.of());
            }
            return CommitResponse.newBuilder().setCommitTs(1).addVersions(1).build();
        });
        try (var started = healthy(server).start()) {
            var figures = bench(started);

            assertThat(figures.number("writes", "errors")).isPositive();
            assertThat(figures.number("writes", "errors_by_kind", "STORAGE_FULL"))
                    .isEqualTo(figures.number("writes", "errors"));
        }
    }

    @Test
    void aStallShowsInTheWriteGap() {
        try (var server = stalling().start()) {
            var figures = bench(server, "--concurrency", "1", "--duration", "1500ms");

            assertThat(figures.number("write_gap_ms")).isGreaterThanOrEqualTo(STALL_MILLIS);
        }
    }

    @Test
    void inTheOpenLoopAStallCountsForEveryOperationThatItDelays() {
        try (var server = stalling().start()) {
            var open = bench(server, "--mode", "open", "--rate", "100", "--concurrency", "1", "--duration", "1500ms");

            // About sixty operations fall due within the stall, so the median of 150 lies far above a quick answer's
            // and the 99th percentile near the whole stall.
            assertThat(open.number("writes", "p99_us")).isGreaterThan(STALL_MILLIS * 700.0);
        }
    }

    @Test
    void inTheClosedLoopAStallCountsOncePerCaller() {
        try (var server = stalling().start()) {
            var closed = bench(server, "--concurrency", "1", "--duration", "1500ms");

            assertThat(closed.number("writes", "max_us")).isGreaterThan(STALL_MILLIS * 900.0);
            assertThat(closed.number("writes", "p50_us")).isLessThan(STALL_MILLIS * 500.0);
        }
    }

    // Answers at once, but for one commit a while after the warm-up.
    private ScriptedServer stalling() {
        return healthy(new ScriptedServer().answer(StatehouseServiceGrpc.getCommitMethod(), request -> {
            if (commits.incrementAndGet() == 20) {
                await();
            }
            return CommitResponse.newBuilder().setCommitTs(1).addVersions(1).build();
        }));
    }

    private void await() {
        try {
            boolean unused = never.await(STALL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ScriptedServer quick() {
        return healthy(new ScriptedServer())
                .answer(
                        StatehouseServiceGrpc.getCommitMethod(),
                        request -> CommitResponse.newBuilder()
                                .setCommitTs(1)
                                .addVersions(1)
                                .build())
                .answer(
                        StatehouseServiceGrpc.getGetStateMethod(),
                        request -> GetStateResponse.newBuilder().setReadTs(1).build());
    }

    private static ScriptedServer healthy(ScriptedServer server) {
        return server.answer(
                StatehouseServiceGrpc.getHealthMethod(),
                request -> HealthResponse.newBuilder().setStatus("ok").build());
    }

    private static Figures bench(ScriptedServer server, String... more) {
        var args = new ArrayList<>(List.of("bench", "--json", "--warmup", "0"));
        args.addAll(List.of(more));
        if (!args.contains("--duration")) {
            args.addAll(List.of("--duration", "700ms"));
        }
        var run = Shell.on(server).run(args.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.OK);
        return new Figures(Json.parse(run.out()));
    }

    /** What bench printed as JSON. */
    private record Figures(Json json) {
        double number(String... path) {
            Object value = json.toJava();
            for (String name : path) {
                value = value instanceof Map<?, ?> fields ? fields.get(name) : null;
            }
            assertThat(value).as(String.join(".", path)).isInstanceOf(Number.class);
            return value instanceof Number number ? number.doubleValue() : Double.NaN;
        }
    }
}
