package io.statehouse.cluster.check.history;

import org.jspecify.annotations.Nullable;

/**
 * One call with its window on the one clock of the harness: its effect, if any, lies between call and return.
 *
 * @param id counted from 1 by the writer of the history
 * @param process who called; a process has at most one call underway
 * @param returnNanos {@link #NEVER} when nobody saw the end: the effect may come at any later time
 * @param leftNanos when its caller went on, with an answer or without; {@link #NEVER} when it never did
 * @param node who answered; empty when nobody did
 * @param response what was answered; with FAIL the refusal, with UNKNOWN null
 */
public record Call(
        long id,
        int process,
        Load load,
        long callNanos,
        long returnNanos,
        long leftNanos,
        Outcome outcome,
        String node,
        Request request,
        @Nullable Response response) {
    public static final long NEVER = Long.MAX_VALUE;

    public Call {
        if (returnNanos < callNanos) {
            throw new IllegalArgumentException("call " + id + " returned at " + returnNanos + ", before " + callNanos);
        }
        if (leftNanos < callNanos) {
            throw new IllegalArgumentException("call " + id + " was left at " + leftNanos + ", before " + callNanos);
        }
        if (outcome == Outcome.OK && response == null) {
            throw new IllegalArgumentException("call " + id + " is OK and has no response");
        }
    }

    public boolean isOk() {
        return outcome == Outcome.OK;
    }

    /** Whether this call had returned before the other began. Calls that touch are concurrent. */
    public boolean isBefore(Call other) {
        return returnNanos < other.callNanos;
    }

    /** The same call with what is known of it by now; when it took effect is still open. */
    public Call resolved(Outcome known, @Nullable Response answer) {
        return new Call(id, process, load, callNanos, NEVER, leftNanos, known, node, request, answer);
    }
}
