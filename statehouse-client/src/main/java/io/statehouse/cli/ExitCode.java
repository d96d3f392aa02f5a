package io.statehouse.cli;

/** What the shell is told when statehousectl ends. */
enum ExitCode {
    /** Done. */
    OK(0),
    /** Refused, unreachable, missing or misused; stderr says which. */
    ERROR(1),
    /** Stopped by Ctrl-C: 128 + SIGINT, which is also what the JVM itself answers. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
