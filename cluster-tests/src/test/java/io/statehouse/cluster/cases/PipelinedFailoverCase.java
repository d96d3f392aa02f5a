package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.CommitResult;
import io.statehouse.client.Entry;
import io.statehouse.client.Json;
import io.statehouse.client.Range;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.ProcessCluster;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Leaders are killed while one client has many commits under way over one call. */
class PipelinedFailoverCase {
    private static final int UNDER_WAY = 64;
    private static final int KILLS = 3;
    private static final int ACKNOWLEDGED_MIN = 1_000;
    private static final Duration RESUME_MAX = Duration.ofSeconds(30);
    private static final String AGENT = "pipelined";

    /** Key → what its one commit was answered. */
    private final Map<String, CommitResult> acknowledged = new ConcurrentHashMap<>();

    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Semaphore free = new Semaphore(UNDER_WAY);

    @Test
    void whatWasAcknowledgedIsThereOnce() throws InterruptedException {
        try (var cluster = ProcessCluster.start("pipelined-failover");
                var client = cluster.client()) {
            var load = Thread.ofPlatform().name("load").start(() -> writeUntilOver(client));
            for (int kill = 0; kill < KILLS; kill++) {
                awaitMore(ACKNOWLEDGED_MIN / KILLS);
                var victim = cluster.awaitLeader();
                victim.kill();
                awaitMore(UNDER_WAY);
                victim.start(false);
                cluster.awaitReady();
            }
            isOver.set(true);
            load.join();
            assertThat(free.tryAcquire(UNDER_WAY, RESUME_MAX.toSeconds(), TimeUnit.SECONDS))
                    .as("every commit has ended")
                    .isTrue();

            System.out.println("MEASURED pipelined leader kills: " + acknowledged.size() + " acknowledged, " + unknown
                    + " unknown over " + KILLS + " kills");
            assertThat(acknowledged).hasSizeGreaterThan(ACKNOWLEDGED_MIN);
            var entries = client.scan(Range.of(AGENT)).stream().collect(Collectors.toMap(Entry::key, entry -> entry));
            acknowledged.forEach((key, result) -> {
                var entry = Objects.requireNonNull(entries.get(key), key);
                assertThat(entry.version()).as("versions of " + key).isEqualTo(1);
                assertThat(entry.commitTs()).as("commit of " + key).isEqualTo(result.commitTs());
            });
        }
    }

    private void writeUntilOver(StatehouseClient client) {
        for (int i = 0; !isOver.get(); i++) {
            String key = "key-" + i;
            free.acquireUninterruptibly();
            var unused = client.putAsync(AGENT, key, Json.parse("" + i)).whenComplete((result, failure) -> {
                if (result != null) {
                    acknowledged.put(key, result);
                } else if (failure instanceof StatehouseException.OutcomeUnknown) {
                    unknown.incrementAndGet();
                }
                free.release();
            });
        }
    }

    private void awaitMore(int commits) {
        int before = acknowledged.size();
        Await.until("commits are acknowledged", RESUME_MAX, () -> acknowledged.size() >= before + commits);
    }
}
