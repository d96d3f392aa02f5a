package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StoreFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The number a supervisor sees when a replica stops itself. */
class ProcessHaltTest {
    private static final long DEADLINE_SECONDS = 60;
    private static final int KILLED = 128 + 9;

    /** A process whose shutdown hook would keep it alive for ever. */
    static final class HaltingProcess {
        private HaltingProcess() {}

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(HaltingProcess::waitForEver));
            Halt.ofProcess().now(ExitCode.STORAGE_FAILED, "the disk is gone", new IOException("EIO"));
        }

        static void waitForEver() {
            while (true) {
                Thread.onSpinWait();
            }
        }
    }

    /** The same, of a start that is refused. */
    static final class RefusedProcess {
        private RefusedProcess() {}

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(HaltingProcess::waitForEver));
            Halt.ofRefusedStart(ExitCode.IDENTITY_REFUSED);
        }
    }

    /** A process whose database fails on a thread of RocksDB. */
    static final class FailingDatabase {
        private FailingDatabase() {}

        public static void main(String[] args) throws Exception {
            var root = Path.of(args[0]);
            var directory = new SnapshotDirectory(root, Limits.DEFAULT, Halt.ofProcess());
            directory.prepare();
            var state = directory.open(directory.requireCurrent());
            state.skip(new LogPosition(1, 1));
            // New files can no longer be made where the directory was.
            SnapshotDirectory.remove(root);
            try {
                state.makeDurable();
            } catch (StoreFailedException e) {
                System.out.println("heard by the caller too");
            }
            HaltingProcess.waitForEver();
        }
    }

    /** A process that hangs in its end: its guard must not need it. */
    static final class HangingProcess {
        private HangingProcess() {}

        public static void main(String[] args) throws Exception {
            Process unused = new ProcessBuilder("sh", "-c", ProcessHalt.KILL_PARENT).start();
            HaltingProcess.waitForEver();
        }
    }

    @Test
    void haltingWaitsForNoShutdownHookAndSaysWhy() throws Exception {
        Ended ended = run(HaltingProcess.class);

        assertThat(ended.code()).isEqualTo(ExitCode.STORAGE_FAILED.number());
        assertThat(ended.said()).contains("the disk is gone", "STORAGE_FAILED", "EIO");
    }

    @Test
    void aRefusedStartWaitsForNothingEither() throws Exception {
        assertThat(run(RefusedProcess.class).code()).isEqualTo(ExitCode.IDENTITY_REFUSED.number());
    }

    @Test
    void aDatabaseThatFailsOnItsOwnThreadEndsTheProcess(@TempDir Path directory) throws Exception {
        Ended ended = run(FailingDatabase.class, directory.resolve("state").toString());

        assertThat(ended.said()).contains("the database failed in the background");
        assertThat(ended.code()).isEqualTo(ExitCode.STORAGE_FAILED.number());
    }

    @Test
    void aProcessThatHangsInItsEndIsKilled() throws Exception {
        assertThat(run(HangingProcess.class).code()).isEqualTo(KILLED);
    }

    private record Ended(int code, String said) {}

    private static Ended run(Class<?> main, String... arguments) throws Exception {
        String java = ProcessHandle.current().info().command().orElse("java");
        var command = new ArrayList<>(List.of(java, "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var killer = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(DEADLINE_SECONDS, TimeUnit.SECONDS));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        assertThat(killer.cancel(false)).as("it ended by itself").isTrue();
        return new Ended(code, said);
    }

    @Test
    void everyCodeHasItsOwnNumber() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).doesNotHaveDuplicates();
    }
}
