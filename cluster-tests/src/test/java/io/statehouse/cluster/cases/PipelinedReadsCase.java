package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Json;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.ProcessCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Leaders are killed while one client has many reads under way over one call and another one writes what they read. */
class PipelinedReadsCase {
    private static final int UNDER_WAY = 64;
    private static final int KILLS = 2;
    private static final int READS_MIN = 2_000;
    private static final Duration RESUME_MAX = Duration.ofSeconds(30);
    private static final String AGENT = "pipelined";
    private static final String KEY = "counter";

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> stale = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Semaphore free = new Semaphore(UNDER_WAY);

    @Test
    void everyReadSeesWhatWasAcknowledgedBeforeItBegan() throws InterruptedException {
        try (var cluster = ProcessCluster.start("pipelined-reads");
                var writing = cluster.client();
                var reading = cluster.client()) {
            var writer = Thread.ofPlatform().name("writer").start(() -> writeUntilOver(writing));
            var reader = Thread.ofPlatform().name("reader").start(() -> readUntilOver(reading));
            for (int kill = 0; kill < KILLS; kill++) {
                awaitMore(READS_MIN / KILLS);
                var victim = cluster.awaitLeader();
                victim.kill();
                awaitMore(UNDER_WAY);
                victim.start(false);
                cluster.awaitReady();
            }
            awaitMore(READS_MIN);
            isOver.set(true);
            writer.join();
            reader.join();
            assertThat(free.tryAcquire(UNDER_WAY, RESUME_MAX.toSeconds(), TimeUnit.SECONDS))
                    .as("every read has ended")
                    .isTrue();

            assertThat(stale).isEmpty();
            assertThat(acknowledged).hasPositiveValue();
        }
    }

    private void writeUntilOver(StatehouseClient client) {
        for (long value = 1; !isOver.get(); value++) {
            try {
                client.put(AGENT, KEY, Json.parse("" + value));
                acknowledged.set(value);
            } catch (StatehouseException.Unavailable | StatehouseException.OutcomeUnknown e) {
                // Applied or not: later values are larger in any case.
            }
        }
    }

    private void readUntilOver(StatehouseClient client) {
        while (!isOver.get()) {
            free.acquireUninterruptibly();
            long floor = acknowledged.get();
            var unused = client.getAsync(AGENT, KEY).whenComplete((entry, failure) -> {
                if (entry != null) {
                    Json value = entry.value();
                    long seen = value == null ? 0 : Long.parseLong(value.toString());
                    if (seen < floor) {
                        stale.add(seen + " read after " + floor + " was acknowledged");
                    }
                    answered.incrementAndGet();
                }
                free.release();
            });
        }
    }

    private void awaitMore(int reads) {
        int before = answered.get();
        Await.until("reads are answered", RESUME_MAX, () -> answered.get() >= before + reads);
    }
}
