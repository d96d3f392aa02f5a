package io.statehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show. */
@Timeout(120)
class ProcessTest {
    private static final int SIGINT_BIT = 1 << 1;

    @Test
    void followingShowsWhatIsCommittedMeanwhileAndCtrlCIsExitCode130() throws Exception {
        assumeFalse(isInterruptIgnored(), "SIGINT is ignored here, and so it is by every child");
        try (var server = ScriptedNode.over(new ScriptedStore()).start()) {
            Shell.on(server).run("put", "ada", "first", "1");
            Process process = start("--address", server.address(), "tail", "ada", "-f");
            try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                assertThat(out.readLine()).contains("key=first");
                Shell.on(server).run("put", "ada", "second", "2");
                assertThat(out.readLine()).contains("key=second");

                interrupt(process);

                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED.number());
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void aMissingKeyIsExitCodeOneOfTheProcessAndNothingLogsOrWarns() throws Exception {
        try (var server = ScriptedNode.over(new ScriptedStore()).start()) {
            Process process = start("--address", server.address(), "get", "ada", "ключ");

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.ERROR.number());
            assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
                    .isEqualTo("✗ Key not found\n");
            assertThat(process.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void theCompletionScriptIsGoodBashAndKnowsTheCommands(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash here");
        var run = new Shell(Map.of()).run("completion", "bash");
        Path script = folder.resolve("completion");
        Files.writeString(script, run.out());

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(bash("bash -n " + script)).isEmpty();
        // Only a completing shell has compopt.
        String words =
                "compopt() { :; }; COMP_WORDS=(statehousectl '%s'); COMP_CWORD=1; _complete_statehousectl; echo ${COMPREPLY[@]}";
        assertThat(bash("source " + script + "; " + words.formatted("repl"))).isEqualTo("replay\n");
        assertThat(bash("source " + script + "; " + words.formatted("--add"))).contains("--address");
    }

    private static String bash(String line) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("/bin/bash", "-c", line)
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        return said;
    }

    private static Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+IgnoreUnrecognizedVMOptions");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Statehousectl.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).start();
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    // A shell without job control starts background commands so.
    private static boolean isInterruptIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .anyMatch(mask -> (mask & SIGINT_BIT) != 0);
    }
}
