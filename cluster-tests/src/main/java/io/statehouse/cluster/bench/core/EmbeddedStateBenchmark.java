package io.statehouse.cluster.bench.core;

import io.statehouse.client.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How fast an agent reads what its session has come to, from a node in its own JVM. */
@State(Scope.Thread)
public class EmbeddedStateBenchmark {
    private static final int AT_ONCE = 100;

    /** Events of the session. */
    @Param({"100", "10000"})
    public int events = AT_ONCE;

    private @Nullable EmbeddedSession session;

    /** Appends the events. */
    @Setup
    public void start() {
        var open = new EmbeddedSession();
        session = open;
        for (int there = 0; there < events; there += AT_ONCE) {
            int unused = open.appendAtOnce(AT_ONCE);
        }
    }

    /** Reads of the state that the node keeps of the session. */
    @Benchmark
    public Json readState() {
        return Objects.requireNonNull(session).state();
    }

    /** Ends the node. */
    @TearDown
    public void close() {
        Objects.requireNonNull(session).close();
    }
}
