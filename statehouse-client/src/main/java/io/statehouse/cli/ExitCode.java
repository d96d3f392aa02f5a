package io.statehouse.cli;

import java.util.Arrays;

/** What the shell is told when statehousectl ends. */
enum ExitCode {
    /** Done. */
    OK(0),
    /** Refused, unreachable, missing or misused; stderr says which. */
    ERROR(1),
    /** {@code doctor} found something to look at. */
    WARNING(2),
    /** {@code doctor} found something that must be repaired. */
    CRITICAL(3),
    /** Stopped by Ctrl-C: 128 + SIGINT, which is also what the JVM itself answers. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** What a command returned; anything unknown is an error. */
    static ExitCode of(int number) {
        return Arrays.stream(values())
                .filter(code -> code.number == number)
                .findFirst()
                .orElse(ERROR);
    }

    int number() {
        return number;
    }
}
