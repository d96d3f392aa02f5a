package io.statehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReaperTest {
    @Test
    void whatAJvmStartedDiesWithItHoweverItEnds() throws Exception {
        var started = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long child = Long.parseLong(started.inputReader(StandardCharsets.UTF_8).readLine());
        var handle = ProcessHandle.of(child).orElseThrow();
        assertThat(handle.isAlive()).isTrue();

        started.destroyForcibly().waitFor();

        Await.until("the child is dead", Duration.ofSeconds(10), () -> !handle.isAlive());
    }

    /** Starts a process that would run for long, tells its number, and waits to be killed. */
    static final class Parent {
        public static void main(String[] arguments) throws IOException, InterruptedException {
            var child = new ProcessBuilder("tail", "-f", "/dev/null").start();
            Reaper.register(child.pid(), "tail -f /dev/null");
            System.out.println(child.pid());
            child.waitFor();
        }
    }
}
