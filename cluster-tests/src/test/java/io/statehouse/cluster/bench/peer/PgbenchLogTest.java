package io.statehouse.cluster.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.statehouse.cluster.bench.load.CpuShare;
import io.statehouse.cluster.bench.load.Drill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgbenchLogTest {
    @TempDir
    Path directory;

    @Test
    void theLogsOfAllThreadsCountAndTheWarmUpDoesNot() throws IOException {
        // client, transaction, latency in microseconds, script, end in seconds and microseconds
        Files.writeString(directory.resolve("log-1.77"), """
                0 0 1000 0 1700000000 1000
                0 1 4000 0 1700000001 500000
                """);
        Files.writeString(directory.resolve("log-1.77.1"), """
                1 0 4000 0 1700000002 900000
                1 1 4000 0 1700000003 900000
                """);
        Files.writeString(directory.resolve("log-10.77"), "not of this run\n");
        var drill = new Drill(2, Duration.ofSeconds(1), Duration.ofSeconds(2));

        var sample = PgbenchLog.read(directory.resolve("log-1"), drill, 1).sample(2, new CpuShare(0, 0));

        assertThat(sample.perSecond()).isEqualTo(1);
        assertThat(sample.p50Millis()).isCloseTo(4, within(0.01));
        assertThat(directory.resolve("log-1.77.1")).doesNotExist();
        assertThat(directory.resolve("log-10.77")).exists();
    }

    @Test
    void theScriptOfACommitIsOneStatementWithItsValue() {
        assertThat(PostgresScripts.of(Workload.COMMIT))
                .contains(
                        "INSERT INTO events",
                        "ON CONFLICT (agent, key) DO UPDATE",
                        Things.values().getFirst())
                .containsOnlyOnce(";");
    }

    @Test
    void everyValueHasTheSizeThatIsTold() {
        assertThat(Things.valueBytes()).hasSize(64).allMatch(value -> value.length == Things.VALUE_BYTES);
    }
}
