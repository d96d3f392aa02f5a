package io.statehouse.cluster.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cheapest cases, shortened: the harness works from one end to the other, and so does what it tests. */
class ChaosSmokeCase {
    @ParameterizedTest
    @ValueSource(strings = {"F01", "F54"})
    void passes(String id) throws IOException {
        // Other builds may share the machine, so little traffic is enough here.
        var arguments = List.of("run", id, "--time", "8s", "--traffic", "5");

        assertThat(ChaosMain.run(arguments, System.out)).isEqualTo(ChaosMain.PASS);
    }
}
