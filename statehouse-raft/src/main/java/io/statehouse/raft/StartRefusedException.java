package io.statehouse.raft;

import org.jspecify.annotations.Nullable;

/** A member that may not start: the sentence says what is wrong and what would put it right. */
public final class StartRefusedException extends RuntimeException {
    private final ExitCode exitCode;

    public StartRefusedException(ExitCode exitCode, String message) {
        this(exitCode, message, null);
    }

    public StartRefusedException(ExitCode exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What the process ends with. */
    public ExitCode exitCode() {
        return exitCode;
    }
}
