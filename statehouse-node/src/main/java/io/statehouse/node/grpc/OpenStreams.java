package io.statehouse.node.grpc;

import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.Authority;
import io.statehouse.node.service.Caller;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The calls of one kind that carry many requests and are under way, to be ended with the node. */
final class OpenStreams {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Set<CallStream<?, ?>> open = ConcurrentHashMap.newKeySet();

    <S extends CallStream<?, ?>> S start(S stream) {
        open.add(stream);
        stream.start(() -> open.remove(stream));
        return stream;
    }

    /** Who asks for one of the requests of a stream, and how long an answer is worth having. */
    static Caller caller(Authority authority, int timeoutMillis, NodeLimits limits) {
        long nanos = timeoutMillis == 0
                ? limits.callTimeout().toNanos()
                : Integer.toUnsignedLong(timeoutMillis) * NANOS_PER_MILLI;
        long bounded = Math.min(nanos, limits.callTimeoutMax().toNanos());
        return new Caller(authority, Caller.Hop.LEADER_AWARE, System.nanoTime() + bounded);
    }

    /** Ends every stream once it has answered what it has taken. */
    void stop() {
        open.forEach(CallStream::stop);
    }
}
