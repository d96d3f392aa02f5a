package io.statehouse.raft.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.raft.ExitCode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is killed at any moment of its life starts again without help and with everything it acknowledged. */
class KilledProcessTest {
    private static final int KILLS = 8;
    private static final int ACKS_MAX = 120;
    private static final int EARLY_KILLS = 3;
    private static final int EARLY_MILLIS_MAX = 2_500;
    private static final long DEADLINE_SECONDS = 60;

    @TempDir
    Path work;

    @Test
    void aNodeKilledWhileItWritesStartsAgainByItself() throws Exception {
        long seed = Long.getLong("statehouse.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int acked = -1;
        for (int kill = 0; kill < KILLS; kill++) {
            acked = kill < EARLY_KILLS
                    ? killAfterMillis(random.nextInt(EARLY_MILLIS_MAX), acked)
                    : killAfterAcks(1 + random.nextInt(ACKS_MAX), acked);
        }

        assertThat(killAfterAcks(1, acked)).isGreaterThan(acked);
    }

    private int killAfterMillis(int millis, int ackedBefore) throws Exception {
        Process process = start(System.getProperty("java.class.path"));
        CompletableFuture<Void> unused = CompletableFuture.runAsync(
                () -> kill(process), CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
        return readUntilEnd(process, Integer.MAX_VALUE, ackedBefore);
    }

    private int killAfterAcks(int acks, int ackedBefore) throws Exception {
        return readUntilEnd(start(System.getProperty("java.class.path")), acks, ackedBefore);
    }

    /** Returns the last entry that is known to have been acknowledged. */
    private static int readUntilEnd(Process process, int acksMax, int ackedBefore) throws Exception {
        int acked = ackedBefore;
        int acks = 0;
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                assertThat(line).doesNotStartWith(WritingProcess.REFUSED);
                if (line.startsWith(WritingProcess.RECOVERED)) {
                    assertThat(numberIn(line, WritingProcess.RECOVERED)).isGreaterThan(ackedBefore);
                } else if (line.startsWith(WritingProcess.ACKED)) {
                    acked = numberIn(line, WritingProcess.ACKED);
                    acks++;
                    if (acks == acksMax) {
                        kill(process);
                    }
                }
            }
        } finally {
            kill(process);
        }
        assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("killed, not ended").isEqualTo(128 + 9);
        return acked;
    }

    /** By its handle, which leaves what it said before readable. */
    private static void kill(Process process) {
        process.toHandle().destroyForcibly();
    }

    private static int numberIn(String line, String prefix) {
        return Integer.parseInt(line.substring(prefix.length()));
    }

    @Test
    void aNodeWithRatissOwnStreamFirstOnItsClassPathIsRefused() throws Exception {
        String ratis = Path.of(TimeDuration.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        assertThat(ratis).contains("ratis-common");

        Process process = start(ratis + File.pathSeparator + System.getProperty("java.class.path"));

        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = process.inputReader()) {
            reader.lines().forEach(lines::add);
        }
        assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.BAD_CONFIGURATION.number());
        assertThat(lines).anyMatch(line -> line.contains("can forget a vote"));
    }

    private Process start(String classPath) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        return new ProcessBuilder(
                        java,
                        "-Xmx256m",
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        classPath,
                        WritingProcess.class.getName(),
                        work.resolve("data").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
