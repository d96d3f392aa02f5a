package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.client.Event;
import io.statehouse.client.Json;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.RetentionPolicy;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.client.WatchQuery;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.Distribution;
import io.statehouse.cluster.SingleNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers of a real node that retention comes past: the Java client and {@code tail -f}, both slow, then a late one of each. */
@Timeout(300)
class OvertakenWatchCase {
    /** More than lies between a node and a reader that takes nothing: 256 events that it asked for, and what is on the way. */
    private static final int COMMITS = 600;

    private static final Json LARGE = Json.parse("\"" + "x".repeat(50_000) + "\"");
    private static final Duration FLOOR_MAX = Duration.ofSeconds(90);
    private static final String NAMESPACE = "default";
    private static final String AGENT = "ada";

    @TempDir
    private static Path directory;

    private static SingleNode node;

    @BeforeAll
    static void start() {
        // The readers here are slow for as long as the floor takes to come past them.
        node = SingleNode.in(directory, Map.of("STATEHOUSE_WATCH_STALL_MAX_MS", "600000"))
                .found();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aReaderThatTheFloorComesPastIsToldSoWithTheOldestPointThereIs() throws Exception {
        try (var client = node.client();
                var watch = client.watch(WatchQuery.of(AGENT).from(1))) {
            Path complaints = directory.resolve("tail.err");
            Process tail = statehousectl("tail", AGENT, "-n", "0", "-f", "--json")
                    .redirectError(complaints.toFile())
                    .start();
            try (BufferedReader lines = linesOf(tail)) {
                awaitFollowing(client, lines);
                long floor = writeAndLetGo(client);

                List<Long> seen = new ArrayList<>();
                assertThatThrownBy(() -> watch.forEachRemaining(event -> seen.add(event.commitTs())))
                        .satisfies(failure -> isCompacted(failure, floor));
                assertInOrder(seen, 1, floor);
                assertThatThrownBy(() -> firstOf(client, watch.resumeTs()))
                        .satisfies(failure -> isCompacted(failure, floor));
                assertThat(firstOf(client, floor).commitTs()).isEqualTo(floor);

                List<Long> told =
                        lines.lines().map(OvertakenWatchCase::commitTs).toList();
                assertInOrder(told, told.get(0), floor);
                assertThat(tail.waitFor()).isEqualTo(1);
                assertThat(Files.readString(complaints)).contains("COMPACTED", "since commit_ts " + floor);
                assertThatTailFollowsWhatComesNext(client, "nobody-yet");
            } finally {
                tail.destroyForcibly();
            }
        }
    }

    /** Commits until the follower has said something: then it has its place. */
    private static void awaitFollowing(StatehouseClient client, BufferedReader lines) {
        Await.until("tail -f follows", FLOOR_MAX, () -> {
            client.put(AGENT, "k", Json.parse("0"));
            try {
                return lines.ready() && lines.readLine() != null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static long writeAndLetGo(StatehouseClient client) {
        IntStream.range(0, COMMITS)
                .mapToObj(i -> client.putAsync(AGENT, "k", LARGE))
                .toList()
                .forEach(CompletableFuture::join);
        long last = client.put(AGENT, "k", Json.parse("1")).commitTs();
        client.history().setRetention(NAMESPACE, RetentionPolicy.NONE.keepVersions(1));
        Await.until(
                "the floor is at the last commit",
                FLOOR_MAX,
                () -> client.history().retention(NAMESPACE).floorTs() == last);
        return last;
    }

    private static void isCompacted(Throwable failure, long floor) {
        assertThat(failure).isInstanceOfSatisfying(StatehouseException.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(RefusalCode.COMPACTED);
            assertThat(refused.oldestCommitTs()).isEqualTo(floor);
        });
    }

    private static void assertInOrder(List<Long> seen, long first, long floor) {
        assertThat(seen)
                .containsExactlyElementsOf(
                        LongStream.range(first, first + seen.size()).boxed().toList());
        assertThat(seen.getLast()).isLessThan(floor - 1);
    }

    private static Event firstOf(StatehouseClient client, long from) {
        try (var watch = client.watch(WatchQuery.of(AGENT).from(from))) {
            return watch.next();
        }
    }

    /** Following begins with the present, so a floor far above the first commit is no hindrance. */
    private static void assertThatTailFollowsWhatComesNext(StatehouseClient client, String agent) throws IOException {
        Process tail = statehousectl("tail", agent, "-f", "--json").start();
        try (BufferedReader lines = linesOf(tail)) {
            Await.until("tail -f shows a commit of an agent that is new", FLOOR_MAX, () -> {
                client.put(agent, "k", Json.parse("1"));
                try {
                    return lines.ready() && commitTs(lines.readLine()) > 0;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } finally {
            tail.destroyForcibly();
        }
    }

    private static long commitTs(String line) {
        return ((Number) Objects.requireNonNull(Json.parse(line).toMap().get("commit_ts"))).longValue();
    }

    private static ProcessBuilder statehousectl(String... arguments) {
        var all = new ArrayList<>(List.of("--address", node.node().api()));
        all.addAll(List.of(arguments));
        return Distribution.assemble().command("statehousectl", all.toArray(String[]::new));
    }

    private static BufferedReader linesOf(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }
}
