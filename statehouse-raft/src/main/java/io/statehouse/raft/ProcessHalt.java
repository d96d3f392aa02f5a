package io.statehouse.raft;

import io.statehouse.statemachine.StoreFailedException;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the JVM. Of several reasons the first counts. */
final class ProcessHalt implements Halt {
    /** Ends the shell's parent, and no other process that may have got its number meanwhile. */
    static final String KILL_PARENT =
            "sleep 3; read -r self name state parent rest </proc/$$/stat && [ \"$parent\" = \"$PPID\" ] && kill -KILL \"$PPID\"";

    private static final Logger LOG = LoggerFactory.getLogger(Halt.class);

    /** How long the end waits for the shell to be started. */
    private static final Duration GUARD_START_MAX = Duration.ofMillis(300);

    /** In which the threads of a database that failed, one for each table, bring in the same news. */
    private static final Duration NEWS_MAX = Duration.ofMillis(200);

    private static final AtomicBoolean IS_ENDING = new AtomicBoolean();

    /** Asked for at the start: a process that has to end may be short of everything that looking it up takes. */
    private final boolean isImmediate = ImmediateExit.isAvailable();

    @Override
    public void now(ExitCode code, String reason, @Nullable Throwable cause) {
        if (!IS_ENDING.compareAndSet(false, true)) {
            waitForTheEnd();
        }
        try {
            LOG.error("stopping this replica: {} exit={} code={}", reason, code, code.number(), cause);
            guard();
            if (cause instanceof StoreFailedException) {
                LockSupport.parkNanos(NEWS_MAX.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(code);
        }
    }

    /** Without a word: the reason was told. */
    void afterRefusal(ExitCode code) {
        if (!IS_ENDING.compareAndSet(false, true)) {
            waitForTheEnd();
        }
        try {
            guard();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(code);
        }
    }

    private static void end(ExitCode code) {
        ImmediateExit.now(code.number());
        Runtime.getRuntime().halt(code.number());
    }

    private void guard() throws InterruptedException {
        if (!isImmediate) {
            startGuard();
        }
    }

    private static void waitForTheEnd() {
        while (true) {
            LockSupport.park();
        }
    }

    /** On a disk that hangs, starting a shell may hang too: it gets a moment, and the end comes with or without it. */
    private static void startGuard() throws InterruptedException {
        Thread guard = Thread.ofPlatform().daemon().name("halt-guard").start(ProcessHalt::killIfStillThere);
        boolean unused = guard.join(GUARD_START_MAX);
    }

    /**
     * Has a shell kill this process when it is still there after a few seconds. Before Java 22 there is only halting, which runs the exit handlers of native
     * libraries: RocksDB's waits for its threads, and one that is about to enter the JVM then waits for ever.
     */
    private static void killIfStillThere() {
        try {
            Process unused = new ProcessBuilder("sh", "-c", KILL_PARENT)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException | RuntimeException e) {
            LOG.warn("nothing will kill this process should its end hang", e);
        }
    }
}
