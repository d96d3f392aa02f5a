package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OwnThreadsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void theThreadsOfAClientEndWithIt() {
        try (var cluster = new FakeCluster(2)) {
            var client = StatehouseClient.connect(
                    FakeCluster.patient(cluster.addresses()).transport(Transport.OWN_THREADS));
            client.put("ada", "k", Json.of(1));
            assertThat(own()).isNotEmpty();

            client.close();

            // One says that it is over a moment before it is.
            await().atMost(SOON).untilAsserted(() -> assertThat(own()).isEmpty());
        }
    }

    @Test
    void theyEndAlsoWhereItsCallerIsInterrupted() {
        try (var cluster = new FakeCluster(1)) {
            var client = StatehouseClient.connect(
                    FakeCluster.patient(cluster.addresses()).transport(Transport.OWN_THREADS));
            client.put("ada", "k", Json.of(1));

            Thread.currentThread().interrupt();
            client.close();

            assertThat(Thread.interrupted()).isTrue();
            await().atMost(SOON).untilAsserted(() -> assertThat(own()).isEmpty());
        }
    }

    @Test
    void aClientWithoutThemHasNone() {
        try (var cluster = new FakeCluster(1);
                var client = StatehouseClient.connect(FakeCluster.patient(cluster.addresses()))) {
            client.put("ada", "k", Json.of(1));

            assertThat(own()).isEmpty();
        }
    }

    private static List<String> own() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("statehouse-client-io"))
                .toList();
    }
}
