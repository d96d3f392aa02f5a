package io.statehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.CommitResult;
import io.statehouse.client.Json;
import io.statehouse.client.Replay;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.client.Transport;
import io.statehouse.node.EmbeddedCluster;
import io.statehouse.node.EmbeddedStatehouse;
import io.statehouse.statemachine.Limits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InProcessTest {
    private static final Duration BRIEF = Duration.ofMillis(500);
    private static final int MANY = 200;

    @Test
    void aClientInTheSameJvmReachesTheNode() {
        try (EmbeddedStatehouse node = EmbeddedStatehouse.inMemory();
                StatehouseClient client = StatehouseClient.connect(inProcess(node.address()))) {
            List<CompletableFuture<CommitResult>> puts = IntStream.range(0, MANY)
                    .mapToObj(i -> client.putAsync("ada", "k" + i, Json.of(i)))
                    .toList();
            puts.forEach(CompletableFuture::join);

            assertThat(client.get("ada", "k7").require()).isEqualTo(Json.of(7));
            assertThat(events(client)).isEqualTo(MANY);
        }
    }

    @Test
    void oneThatIsNotThereByThatNameIsNotReached() {
        try (EmbeddedStatehouse node = EmbeddedStatehouse.inMemory()) {
            // There is a socket by this name, and no node in this JVM.
            String other = node.address().replace("127.0.0.1", "localhost");
            try (StatehouseClient client =
                    StatehouseClient.connect(inProcess(other).callTimeout(BRIEF))) {
                assertThatExceptionOfType(StatehouseException.Unavailable.class)
                        .isThrownBy(() -> client.get("ada", "k"));
            }
        }
    }

    @Test
    void whatIsTooLargeIsRefusedAsByASocket() {
        Json large = Json.of("x".repeat(Limits.DEFAULT.valueBytesMax()));
        try (EmbeddedStatehouse node = EmbeddedStatehouse.inMemory();
                StatehouseClient client = StatehouseClient.connect(inProcess(node.address()));
                StatehouseClient bySocket = StatehouseClient.connect(node.address())) {
            StatehouseException.Refused refused = refusal(client, large);

            assertThat(refused.limit())
                    .isNotNull()
                    .isEqualTo(refusal(bySocket, large).limit());
            assertThat(events(client)).isZero();
        }
    }

    @Test
    void anotherNodeIsAskedWhenTheLeaderHasGone() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start();
                StatehouseClient client = StatehouseClient.connect(inProcess(cluster.addresses()))) {
            client.put("ada", "k", Json.of(1));
            cluster.stop(cluster.leader());

            client.put("ada", "k", Json.of(2));

            assertThat(client.get("ada", "k").require()).isEqualTo(Json.of(2));
        }
    }

    private static StatehouseException.Refused refusal(StatehouseClient client, Json value) {
        try {
            client.put("ada", "large", value);
        } catch (StatehouseException.Refused e) {
            return e;
        }
        throw new AssertionError("a value that is too large was taken");
    }

    private static int events(StatehouseClient client) {
        int events = 0;
        try (Replay replay = client.replay(ReplayQuery.of("ada"))) {
            for (; replay.hasNext(); replay.next()) {
                events++;
            }
        }
        return events;
    }

    private static ClientOptions inProcess(String addresses) {
        return ClientOptions.of(addresses).transport(Transport.IN_PROCESS);
    }
}
