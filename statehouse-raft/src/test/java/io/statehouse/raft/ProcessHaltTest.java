package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The number a supervisor sees when a replica stops itself. */
class ProcessHaltTest {
    private static final long DEADLINE_SECONDS = 60;

    /** A process whose shutdown hook would keep it alive for ever. */
    static final class HaltingProcess {
        private HaltingProcess() {}

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(HaltingProcess::waitForEver));
            Halt.ofProcess().now(ExitCode.STORAGE_FAILED, "the disk is gone", new IOException("EIO"));
        }

        private static void waitForEver() {
            while (true) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void haltingWaitsForNoShutdownHookAndSaysWhy() throws Exception {
        String java = ProcessHandle.current().info().command().orElse("java");
        Process process = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), HaltingProcess.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.STORAGE_FAILED.number());
        assertThat(said).contains("the disk is gone", "STORAGE_FAILED", "EIO");
    }

    @Test
    void everyCodeHasItsOwnNumber() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).doesNotHaveDuplicates();
    }
}
