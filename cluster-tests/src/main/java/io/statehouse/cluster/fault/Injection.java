package io.statehouse.cluster.fault;

import java.time.Duration;

/**
 * What happens to system calls of some names, in the words of strace.
 *
 * @param calls names separated by commas
 * @param effect what happens to each that is hit
 * @param when which of them are hit: {@code 3} the third of a thread, {@code 3+} that and all later ones
 */
public record Injection(String calls, String effect, String when) {
    /** All that force a file to the disk. */
    public static final String SYNCS = "fsync,fdatasync";

    /** All that write to a file. */
    public static final String WRITES = "write,pwrite64,writev,pwritev";

    private static final String ALWAYS = "1+";

    /** Every call fails with an error of errno.h, such as EIO or ENOSPC, and does nothing. */
    public static Injection failing(String calls, String error) {
        return new Injection(calls, "error=" + error, ALWAYS);
    }

    /** Every call is held up before it begins. */
    public static Injection delaying(String calls, Duration delay) {
        return new Injection(calls, "delay_enter=" + delay.toNanos() / 1_000, ALWAYS);
    }

    /** The process is killed at such a call, counted from 1 in each thread, just before it takes effect. */
    public static Injection killingAt(String calls, int number) {
        return new Injection(calls, "signal=SIGKILL", Integer.toString(number));
    }

    /** The same from the n-th call on; the ones before are left alone. */
    public Injection fromCall(int number) {
        return new Injection(calls, effect, number + "+");
    }

    String argument() {
        return "inject=" + calls + ":" + effect + ":when=" + when;
    }
}
