package io.statehouse.client;

import io.grpc.MethodDescriptor;
import io.statehouse.proto.v1.ReplayEvent;

/** How far a stream of events has come, and the request that goes on from there. Not for several threads at once. */
interface FeedPosition<Q, R> {
    /** What one message means. */
    sealed interface Step {
        /** It was taken before. */
        Step REPEATED = new Repeated();

        /** A new event. */
        record Deliver(ReplayEvent event) implements Step {}

        /** No event: everything up to this commit has been delivered or is not asked for. */
        record Passed(long commitTs) implements Step {}

        /** It was taken before. */
        record Repeated() implements Step {}
    }

    /** The call that carries the stream. */
    MethodDescriptor<Q, R> method();

    /** Whether the server may end the stream; otherwise an end is a break. */
    boolean mayEnd();

    /** The request to send next. */
    Q next();

    /** Takes a message. */
    Step take(R message);
}
