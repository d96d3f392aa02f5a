package io.statehouse.raft;

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
    void now(ExitCode code, String reason, @Nullable Throwable cause);

    /** Logs one line and stops the JVM without running shutdown hooks, which could wait for what is broken. */
    static Halt ofProcess() {
        Logger log = LoggerFactory.getLogger(Halt.class);
        return (code, reason, cause) -> {
            try {
                log.error("stopping this replica: {} exit={} code={}", reason, code, code.number(), cause);
            } finally {
                Runtime.getRuntime().halt(code.number());
            }
        };
    }
}
