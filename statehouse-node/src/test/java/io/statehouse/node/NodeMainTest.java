package io.statehouse.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.raft.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeMainTest {
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
}
