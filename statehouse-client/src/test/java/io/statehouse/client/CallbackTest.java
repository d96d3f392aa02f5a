package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallbackTest {
    private static final Json ONE = Json.of(1);

    @Test
    void whatTheServerAnswersIsHeardOnTheCallersExecutor() {
        var heard = new AtomicInteger();
        Executor mine = task -> {
            heard.incrementAndGet();
            ForkJoinPool.commonPool().execute(task);
        };
        try (var cluster = new FakeCluster(1);
                var client = StatehouseClient.connect(FakeCluster.patient(cluster.addresses()), mine)) {
            assertThat(client.put("ada", "k", ONE).versions()).containsExactly(1L);

            assertThat(heard).hasPositiveValue();
        }
    }

    @Test
    void onTheThreadsOfTheConnectionEveryCallStillEnds() {
        try (var cluster = new FakeCluster(2);
                var client = StatehouseClient.connect(FakeCluster.patient(cluster.addresses()), Runnable::run)) {
            cluster.lead(cluster.node(1));

            for (int i = 1; i <= 20; i++) {
                assertThat(client.put("ada", "k", ONE).versions()).containsExactly((long) i);
            }
            cluster.node(0).die();

            assertThat(client.get("ada", "k").version()).isEqualTo(20);
        }
    }
}
