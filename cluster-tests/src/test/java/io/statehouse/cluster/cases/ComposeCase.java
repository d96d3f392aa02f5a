package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.statehouse.cluster.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * docker-compose.yml with a real engine: {@code ./scripts/compose-test}; skipped with the reason where none can run. It takes eight
 * minutes, so it is asked for: {@code ./scripts/test -Dtest=ComposeCase -Dstatehouse.compose=true}.
 */
@EnabledIfSystemProperty(named = "statehouse.compose", matches = "true")
class ComposeCase {
    private static final long MINUTES_MAX = 30;
    private static final int SKIPPED = 77;

    @TempDir
    private Path directory;

    @Test
    void threeContainersBearWhatIsDoneToThem() throws Exception {
        var output = directory.resolve("compose.out").toFile();
        var process = Distribution.assemble()
                .command("compose-test")
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
            // It removes its containers and ends its engine when it is told to end.
            process.destroy();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
            }
        }

        var said = Files.readString(output.toPath());
        System.out.println(said);
        int status = process.exitValue();
        assumeTrue(
                status != SKIPPED,
                () -> said.lines().reduce((first, last) -> last).orElse("skipped"));
        assertThat(status).as(said).isZero();
        assertThat(said.lines().filter(line -> line.startsWith("ok "))).hasSizeGreaterThan(25);
    }
}
