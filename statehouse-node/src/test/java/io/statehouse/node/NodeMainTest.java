package io.statehouse.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.raft.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeMainTest {
    private static final long START_SECONDS_MAX = 120;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private ExitCode run(String... arguments) {
        return new NodeMain(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))
                .run(arguments, Map.of());
    }

    @Test
    void whatOnlyAsksIsAnsweredOnStandardOutput() {
        assertThat(run("--help")).isEqualTo(ExitCode.OK);
        assertThat(run("--version")).isEqualTo(ExitCode.OK);
        assertThat(run("config", "print", "--node-id", "n7")).isEqualTo(ExitCode.OK);

        assertThat(out.toString(UTF_8)).contains("Usage: statehoused", "node.id = n7  # flag --node-id");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void aBadConfigurationEndsWithItsCode() {
        assertThat(run("--no-such-flag")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run("--addr", "0.0.0.0:50051")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run("--config", "/no/such/file")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run("config", "print", "--tx-timeout-ms", "soon")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(ExitCode.BAD_CONFIGURATION.number()).isEqualTo(64);
        assertThat(err.toString(UTF_8).lines()).hasSize(4).allMatch(line -> line.startsWith("statehoused: "));
        assertThat(out.toString(UTF_8)).doesNotContain("statehoused:");
    }

    @Test
    void aTakenPortEndsWithItsCode() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            assertThat(run("--use-memory", "--http-addr", "127.0.0.1:0", "--addr", address))
                    .isEqualTo(ExitCode.ALREADY_RUNNING);
            assertThat(run("--use-memory", "--http-addr", address, "--addr", "127.0.0.1:0"))
                    .isEqualTo(ExitCode.ALREADY_RUNNING);
        }
    }

    /** A node whose end would hang in what is registered there, as it can in the handlers of RocksDB. */
    static final class HangingAtItsEnd {
        private HangingAtItsEnd() {}

        public static void main(String[] arguments) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                while (true) {
                    LockSupport.park();
                }
            }));
            NodeMain.main(arguments);
        }
    }

    @Test
    void aStartThatIsRefusedWithItsDatabaseOpenWaitsForNothing(@TempDir Path directory) throws Exception {
        int raft = freePort();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String api = "127.0.0.1:" + taken.getLocalPort();
            String address = "127.0.0.1:" + raft;
            var process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-Djava.io.tmpdir=" + directory,
                            "-cp",
                            System.getProperty("java.class.path"),
                            HangingAtItsEnd.class.getName(),
                            "--data-dir",
                            directory.resolve("n1").toString(),
                            "--node-id=n1",
                            "--init",
                            "--addr=" + api,
                            "--raft-addr=" + address,
                            "--http-addr=127.0.0.1:0",
                            "--members=n1=" + address + "/" + api)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            boolean hasEnded = process.waitFor(START_SECONDS_MAX, TimeUnit.SECONDS);
            process.destroyForcibly();
            String said = Files.readString(directory.resolve("log"));

            assertThat(hasEnded).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isEqualTo(ExitCode.ALREADY_RUNNING.number());
            assertThat(directory.resolve("n1/state")).isNotEmptyDirectory();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
