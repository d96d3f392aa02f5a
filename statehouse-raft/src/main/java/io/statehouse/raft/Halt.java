package io.statehouse.raft;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this replica at once, because going on could make it wrong.
 *
 * <p>A replica that stopped is one the cluster was built to do without; one that serves on after a failed fsync is not.
 * Callers must not rely on the call not returning: a test's form returns.
 */
@FunctionalInterface
public interface Halt {
    /** Ends the shell's parent, and no other process that may have got its number meanwhile. */
    String KILL_PARENT =
            "sleep 3; read -r self name state parent rest </proc/$$/stat && [ \"$parent\" = \"$PPID\" ] && kill -KILL \"$PPID\"";

    /** How long the end waits for the shell to be started. */
    Duration GUARD_START_MAX = Duration.ofMillis(300);

    void now(ExitCode code, String reason, @Nullable Throwable cause);

    /** Logs one line and stops the JVM without running shutdown hooks, which could wait for what is broken. */
    static Halt ofProcess() {
        Logger log = LoggerFactory.getLogger(Halt.class);
        return (code, reason, cause) -> {
            try {
                log.error("stopping this replica: {} exit={} code={}", reason, code, code.number(), cause);
                startGuard(log);
            } finally {
                Runtime.getRuntime().halt(code.number());
            }
        };
    }

    /** On a disk that hangs, starting a shell may hang too: it gets a moment, and the end comes with or without it. */
    private static void startGuard(Logger log) {
        Thread guard = Thread.ofPlatform().daemon().name("halt-guard").start(() -> killIfStillThere(log));
        try {
            boolean unused = guard.join(GUARD_START_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Has a shell kill this process when it is still there after a few seconds. Halting runs the exit handlers of native
     * libraries: RocksDB's waits for its threads, and one that is about to enter the JVM then waits for ever.
     */
    private static void killIfStillThere(Logger log) {
        try {
            Process unused = new ProcessBuilder("sh", "-c", KILL_PARENT)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException | RuntimeException e) {
            log.warn("nothing will kill this process should its end hang", e);
        }
    }
}
