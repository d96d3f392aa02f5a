package io.statehouse.cluster.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairTableTest {
    @Test
    void ratiosAreThoseOfTheRoundsAndNotOfTheMedians() {
        var table = new PairTable("appends", "short", "long");
        table.row("p99, ms", List.of(1.0, 2.0, 4.0), List.of(3.0, 2.0, 2.0));

        assertThat(table.lines())
                .containsExactly(
                        "appends  short             long              long / short, by round",
                        "p99, ms  2.00 (1.00–4.00)  2.00 (2.00–3.00)  1.00 (0.50–3.00)");
        assertThat(table.figures())
                .containsExactly(
                        Map.entry("p99, ms", Map.of("short", List.of(1.0, 2.0, 4.0), "long", List.of(3.0, 2.0, 2.0))));
    }
}
