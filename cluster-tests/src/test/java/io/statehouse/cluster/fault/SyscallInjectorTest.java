package io.statehouse.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.statehouse.cluster.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyscallInjectorTest {
    private static final long DEADLINE_SECONDS = 60;

    /** Writes a byte and forces it for each line it reads, and says how that went. */
    private static final String WRITER = "use IO::Handle; $| = 1; open(my $out, '>', $ARGV[0]) or die $!;"
            + " while (<STDIN>) { if (defined(syswrite($out, 'x')) && $out->sync) { print \"done\\n\" }"
            + " else { print \"$!\\n\" } }";

    @TempDir
    Path directory;

    @BeforeEach
    void requireStrace() {
        assumeTrue(
                SyscallInjector.obstacle().isEmpty(),
                () -> "no system calls can be injected here: " + SyscallInjector.obstacle());
    }

    @Test
    void whileItIsAttachedEveryForceFailsAndBeforeAndAfterNone() throws Exception {
        try (var writer = new Writer(List.of())) {
            assertThat(writer.write()).isEqualTo("done");
            try (var injector =
                    SyscallInjector.attach(writer.process.pid(), Injection.failing(Injection.SYNCS, "EIO"))) {
                assertThat(writer.write()).isEqualTo("Input/output error");
                assertThat(writer.write()).isEqualTo("Input/output error");
                assertThat(injector.hits()).isEqualTo(2);
            }
            assertThat(writer.write()).isEqualTo("done");
        }
    }

    @Test
    void aDiskCanBeFullForWritesAlone() throws Exception {
        try (var writer = new Writer(List.of());
                var injector = SyscallInjector.attach(
                        writer.process.pid(),
                        Injection.failing("write", "ENOSPC").fromCall(1))) {
            // Its own answers are writes too, so it falls silent; what it wrote tells.
            writer.ask();
            Await.until("a write was hit", Duration.ofSeconds(30), () -> injector.hits() > 0);
        }
        assertThat(directory.resolve("file")).isEmptyFile();
    }

    @Test
    void aForceIsHeldUp() throws Exception {
        try (var writer = new Writer(List.of());
                var injector = SyscallInjector.attach(
                        writer.process.pid(), Injection.delaying(Injection.SYNCS, Duration.ofMillis(200)))) {
            long began = System.nanoTime();

            assertThat(writer.write()).isEqualTo("done");

            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
            assertThat(injector.hits()).isEqualTo(1);
        }
    }

    @Test
    void aProcessIsKilledAtTheForceThatWasNamed() throws Exception {
        Path calls = directory.resolve("calls");
        try (var writer = new Writer(SyscallInjector.commandPrefix(calls, Injection.killingAt(Injection.SYNCS, 3)))) {
            assertThat(writer.write()).isEqualTo("done");
            assertThat(writer.write()).isEqualTo("done");

            assertThat(writer.write()).isNull();
            assertThat(writer.process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(writer.process.exitValue()).isEqualTo(128 + 9);
            assertThat(SyscallInjector.hitsIn(calls)).isEqualTo(1);
        }
    }

    @Test
    void aProcessThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> SyscallInjector.attach(Integer.MAX_VALUE, Injection.failing(Injection.SYNCS, "EIO")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("strace ended");
    }

    private final class Writer implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;

        Writer(List<String> prefix) throws IOException {
            Path script = Files.writeString(directory.resolve("writer.pl"), WRITER);
            var command = new ArrayList<>(prefix);
            command.addAll(
                    List.of("perl", script.toString(), directory.resolve("file").toString()));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            answers = process.inputReader();
        }

        void ask() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }

        String write() throws IOException {
            ask();
            return answers.readLine();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
