package io.statehouse.cluster.bench.core;

import io.statehouse.statemachine.command.LoggedBatch;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How many transactions one thread applies in a second: decide, project, journal, ledger, write. */
@State(Scope.Thread)
public class ApplyBenchmark {
    private static final int TRANSACTIONS = 256;
    // What bounds the memory that the trees take.
    private static final long COMMITS_MAX = 250_000;

    /** What keeps the rows. */
    @Param
    public Engine engine = Engine.MEMORY;

    /** Transactions of an entry; divides {@value #TRANSACTIONS}. */
    @Param({"1", "64", "256"})
    public int batch = 1;

    private @Nullable Workbench bench;
    private List<LoggedBatch> entries = List.of();

    /** Makes what is applied next; a state that has become large gives way to an empty one. */
    @Setup(Level.Invocation)
    public void make() {
        if (bench != null && bench.made() >= COMMITS_MAX) {
            close();
        }
        Workbench open = bench == null ? new Workbench(engine) : bench;
        bench = open;
        entries = IntStream.range(0, TRANSACTIONS / batch)
                .mapToObj(unused -> open.next(batch))
                .toList();
    }

    /** Transactions. */
    @Benchmark
    @OperationsPerInvocation(TRANSACTIONS)
    public int apply() {
        Workbench open = Objects.requireNonNull(bench);
        int replies = 0;
        for (LoggedBatch entry : entries) {
            replies += open.apply(entry);
        }
        return replies;
    }

    /** Closes the state. */
    @TearDown
    public void close() {
        Objects.requireNonNull(bench).close();
        bench = null;
    }
}
