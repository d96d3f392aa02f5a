package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SmallPartsTest {
    private static final long SEED = Long.getLong("statehouse.seed", System.nanoTime());

    @Test
    void waitsGrowAreDrawnFromTheirUpperHalfAndStayBounded() {
        System.out.println("seed " + SEED);
        var chance = new Random(SEED);
        var policy = new RetryPolicy(Duration.ofMillis(10), Duration.ofMillis(250), 500, 10);

        for (int round = 0; round < 80; round++) {
            long longest = round < 5 ? 10L << round : 250;
            for (int i = 0; i < 50; i++) {
                assertThat(policy.delay(round, chance))
                        .isBetween(Duration.ofMillis(longest / 2), Duration.ofMillis(longest));
            }
        }
        assertThat(policy.delay(3, new Random(1))).isEqualTo(policy.delay(3, new Random(1)));
    }

    @Test
    void idsAreOfVersionSevenAndNeverGoBackEvenWhenTheClockDoes() {
        System.out.println("seed " + SEED);
        var time = new AtomicLong(1_700_000_000_000L);
        var ids = new UuidV7(() -> Instant.ofEpochMilli(time.get()), new Random(SEED));
        List<String> made = new ArrayList<>();

        for (int i = 0; i < 10_000; i++) {
            made.add(ids.next());
            time.addAndGet(i % 7 == 0 ? 1 : i % 11 == 0 ? -3 : 0);
        }

        assertThat(made).isSorted().doesNotHaveDuplicates();
        UUID first = UUID.fromString(made.get(0));
        assertThat(first.version()).isEqualTo(7);
        assertThat(first.variant()).isEqualTo(2);
        assertThat(first.getMostSignificantBits() >>> 16).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void endpointsAreReadInTheirUsualForms() {
        assertThat(Endpoint.parse("node1")).isEqualTo(new Endpoint("node1", 50_051));
        assertThat(Endpoint.parse("http://node1:7/")).isEqualTo(new Endpoint("node1", 7));
        assertThat(Endpoint.parse("[::1]:9")).isEqualTo(new Endpoint("[::1]", 9));
        assertThat(Endpoint.parseList(" a:1, b ,a:1,"))
                .containsExactly(new Endpoint("a", 1), new Endpoint("b", 50_051));
        for (String bad : List.of("", "a:0", "a:65536", "a:b", "a b", "::1", "a/b")) {
            assertThatThrownBy(() -> Endpoint.parse(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theEnvironmentNamesTheClusterTheNamespaceAndTheTime() {
        var options = ClientOptions.fromEnvironment(Map.of(
                "STATEHOUSE_ADDR", "x:1",
                "STATEHOUSE_ADDRESS", "a:1,b",
                "STATEHOUSE_URL", "http://y:2",
                "STATEHOUSE_NAMESPACE", "team",
                "STATEHOUSE_TIMEOUT", "1.5"));

        assertThat(options.endpoints()).containsExactly("a:1", "b:50051");
        assertThat(options.namespace()).isEqualTo("team");
        assertThat(options.callTimeout()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(ClientOptions.fromEnvironment(Map.of("STATEHOUSE_ADDR", " ")).endpoints())
                .containsExactly("localhost:50051");
        assertThatThrownBy(() -> ClientOptions.fromEnvironment(Map.of("STATEHOUSE_TIMEOUT", "soon")))
                .hasMessageContaining("STATEHOUSE_TIMEOUT");
    }

    @Test
    void optionsThatCannotWorkAreRefusedByName() {
        var options = ClientOptions.of("a");

        assertThatThrownBy(() -> options.callTimeout(Duration.ZERO)).hasMessageContaining("callTimeout");
        assertThatThrownBy(() -> options.pageSize(1_001)).hasMessageContaining("pageSize");
        assertThatThrownBy(() -> options.namespace("")).hasMessageContaining("namespace");
        assertThatThrownBy(() -> options.endpoints(List.of())).hasMessageContaining("endpoints");
        assertThatThrownBy(() -> Range.of("a").pageSize(-1)).hasMessageContaining("pageSize");
    }
}
