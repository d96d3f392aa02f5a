package io.statehouse.cluster.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.bench.load.Spread;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoreTableTest {
    @Test
    void aRateIsToldWithItsSpreadAndWhatOneOfThemTakes() {
        var figure =
                new CoreFigure("Apply.apply", "batch=64", Spread.of(List.of(40_000.0, 50_000.0, 60_000.0)), 15_104.4);

        assertThat(CoreTable.of(List.of(figure)).getLast())
                .isEqualTo("Apply.apply  batch=64  50,000  40,000–60,000  20.0     15,104");
    }
}
