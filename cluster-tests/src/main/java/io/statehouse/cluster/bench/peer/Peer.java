package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.bench.load.Drill;
import io.statehouse.cluster.bench.load.Sample;

/** A running system under comparison. Closing it ends its processes. */
public interface Peer extends AutoCloseable {
    /** What it calls itself, with its version. */
    String version();

    /** Writes what the workloads read. Called once. */
    void fill();

    /** Whether it can do that with so many callers. */
    boolean can(Workload workload, int callers);

    /** Does it. */
    Sample measure(Workload workload, Drill drill);

    @Override
    void close();
}
