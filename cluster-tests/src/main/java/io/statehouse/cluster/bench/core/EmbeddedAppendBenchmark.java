package io.statehouse.cluster.bench.core;

import io.statehouse.client.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How fast an agent writes to a node in its own JVM that keeps everything in memory, through its client as ever. */
@State(Scope.Thread)
public class EmbeddedAppendBenchmark {
    private static final int UNDER_WAY = 64;
    private static final int TOGETHER = 100;

    private @Nullable EmbeddedSession session;

    /** Begins with an empty node: what is appended stays in memory. */
    @Setup(Level.Iteration)
    public void start() {
        session = new EmbeddedSession();
    }

    /** Events of one session, each awaited before the next. */
    @Benchmark
    public Json append() {
        return Objects.requireNonNull(session).append().join();
    }

    /** Events of one session, 64 under way. */
    @Benchmark
    @OperationsPerInvocation(UNDER_WAY)
    public int appendPipelined() {
        return Objects.requireNonNull(session).appendAtOnce(UNDER_WAY);
    }

    /** Items of one list, 100 to a transaction, each transaction awaited before the next. */
    @Benchmark
    @OperationsPerInvocation(TOGETHER)
    public long appendTogether() {
        return Objects.requireNonNull(session).appendTogether(TOGETHER);
    }

    /** Ends the node. */
    @TearDown(Level.Iteration)
    public void close() {
        Objects.requireNonNull(session).close();
    }
}
