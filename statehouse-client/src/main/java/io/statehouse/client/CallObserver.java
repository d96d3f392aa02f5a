package io.statehouse.client;

import java.time.Duration;

/**
 * Hears of every try and every call, for metrics and traces. Called on the client's threads: it must be quick, must not
 * block and must be safe for use by several threads.
 */
public interface CallObserver {
    /** How a try or a call ended. */
    enum Outcome {
        /** Answered. */
        OK,
        /** The server said no. */
        REFUSED,
        /** Certainly not applied; another try may do better. */
        UNAVAILABLE,
        /** Sent, and not known whether it was applied; for a read: no answer. */
        UNKNOWN
    }

    /** Hears nothing. */
    CallObserver NONE = new CallObserver() {};

    /**
     * One try at one endpoint has ended.
     *
     * @param tried what was tried
     */
    default void tryEnded(Try tried) {}

    /**
     * A call has ended, after all its tries.
     *
     * @param call the name of the call, such as {@code Commit}
     * @param tries how many tries it took
     * @param duration from the caller's call to the answer
     * @param outcome how it ended
     */
    default void callEnded(String call, int tries, Duration duration, Outcome outcome) {}

    /**
     * One try of a call.
     *
     * @param call the name of the call, such as {@code Commit}
     * @param endpoint the host and port that was tried
     * @param attempt which try of the call, counted from 1
     * @param duration how long it took
     * @param outcome how it ended
     * @param status the gRPC status code it ended with, such as {@code OK} or {@code UNAVAILABLE}
     */
    record Try(String call, String endpoint, int attempt, Duration duration, Outcome outcome, String status) {}
}
