package io.statehouse.raft;

import org.jspecify.annotations.Nullable;

/**
 * Ends this replica at once, because going on could make it wrong.
 *
 * <p>A replica that stopped is one the cluster was built to do without; one that serves on after a failed fsync is not.
 * Callers must not rely on the call not returning: a test's form returns.
 */
@FunctionalInterface
public interface Halt {
    void now(ExitCode code, String reason, @Nullable Throwable cause);

    /** Logs one line and stops the JVM without running shutdown hooks, which could wait for what is broken. */
    static Halt ofProcess() {
        return new ProcessHalt();
    }

    /**
     * Ends the process of a start that was refused, when that has been told. The database may be open by then, and the exit
     * handlers of its library can hang.
     */
    static void ofRefusedStart(ExitCode code) {
        new ProcessHalt().afterRefusal(code);
    }
}
