package io.statehouse.cluster.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cheapest case, shortened: the harness works from one end to the other, and so does what it tests. */
class ChaosSmokeCase {
    @Test
    void theSameKeyWithTwoPayloadsHasOneWinner() throws IOException {
        // Other builds may share the machine, so little traffic is enough here.
        var arguments = List.of("run", "F54", "--time", "8s", "--traffic", "5");

        assertThat(ChaosMain.run(arguments, System.out)).isEqualTo(ChaosMain.PASS);
    }
}
