package io.statehouse.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.statehouse.cluster.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FakeClockTest {
    private static final double SECONDS_OF_TOLERANCE = 60;

    /** Says for each line it reads what its wall clock and the clock of its timeouts show, in seconds. */
    private static final String TELLER = "use Time::HiRes qw(time clock_gettime CLOCK_MONOTONIC); $| = 1;"
            + " while (<STDIN>) { printf(\"%f %f\\n\", time, clock_gettime(CLOCK_MONOTONIC)) }";

    @TempDir
    Path directory;

    private record Told(double wall, double monotonic) {}

    @BeforeEach
    void requireLibrary() {
        assumeTrue(FakeClock.obstacle().isEmpty(), () -> "clocks cannot be faked here: " + FakeClock.obstacle());
    }

    @Test
    void theWallClockJumpsForwardAndBackWhileTheClockOfTimeoutsStaysTrue() throws Exception {
        var clock = FakeClock.at(directory.resolve("clock"));
        try (var teller = new Teller(clock)) {
            Told before = teller.ask();
            assertThat(before.wall - now()).isBetween(-SECONDS_OF_TOLERANCE, SECONDS_OF_TOLERANCE);

            clock.jump(Duration.ofHours(1));
            Told later = teller.ask();
            clock.jump(Duration.ofDays(-3650));
            Told earlier = teller.ask();

            assertThat(later.wall - before.wall).isBetween(3600.0, 3600 + SECONDS_OF_TOLERANCE);
            assertThat(before.wall - earlier.wall).isGreaterThan(3649 * 86_400.0);
            assertThat(earlier.monotonic - before.monotonic).isBetween(0.0, SECONDS_OF_TOLERANCE);
        }
    }

    @Test
    void allTimeCanRunSlowly() throws Exception {
        var clock = FakeClock.ofAllTime(directory.resolve("clock"));
        clock.run(0.01);
        try (var teller = new Teller(clock)) {
            Told before = teller.ask();
            long began = System.nanoTime();
            Await.pause(Duration.ofMillis(500));
            Told after = teller.ask();
            double truly = (System.nanoTime() - began) / 1e9;

            assertThat(after.monotonic - before.monotonic).isLessThan(truly / 2);
        }
    }

    private static double now() {
        return System.currentTimeMillis() / 1e3;
    }

    private static final class Teller implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;

        Teller(FakeClock clock) throws IOException {
            var builder = new ProcessBuilder("perl", "-e", TELLER).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(clock.environment());
            process = builder.start();
            answers = process.inputReader();
        }

        Told ask() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            String[] parts = answers.readLine().split(" ", -1);
            return new Told(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
