package io.statehouse.node.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.statehouse.raft.LogObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the log tells while it works: how large batches are and where their time goes. */
public final class LogMetrics implements LogObserver {
    private static final double[] BATCHES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
    private static final double[] BYTES = {1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20};
    private static final Duration[] STAGES = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final MeterRegistry registry;
    private final DistributionSummary commands;
    private final DistributionSummary bytes;
    private final Timer queue;
    private final Timer replicate;
    private final Timer apply;
    private final Timer flush;

    LogMetrics(MeterRegistry registry) {
        this.registry = registry;
        commands = DistributionSummary.builder("statehouse.batch.commands")
                .description("Commands in the batches this node proposed as leader; a batch is one entry of the log")
                .serviceLevelObjectives(BATCHES)
                .register(registry);
        bytes = DistributionSummary.builder("statehouse.batch.size")
                .baseUnit("bytes")
                .description("Sizes of those batches in the log")
                .serviceLevelObjectives(BYTES)
                .register(registry);
        queue = stage("queue");
        replicate = stage("replicate");
        apply = stage("apply");
        flush = Timer.builder("statehouse.state.flush")
                .description("Time to force the applied state to the disk; commits do not wait for it")
                .serviceLevelObjectives(STAGES)
                .register(registry);
    }

    private Timer stage(String stage) {
        return Timer.builder("statehouse.commit.stage")
                .description("Time of a batch in one stage: queue and replicate on the leader, apply on every node")
                .tag("stage", stage)
                .serviceLevelObjectives(STAGES)
                .register(registry);
    }

    @Override
    public void proposed(int commandsInBatch, int entryBytes, long queuedNanos) {
        commands.record(commandsInBatch);
        bytes.record(entryBytes);
        queue.record(queuedNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void replicated(long nanos) {
        replicate.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void applied(int commandsInBatch, long nanos) {
        apply.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void flushed(long nanos) {
        flush.record(nanos, TimeUnit.NANOSECONDS);
    }
}
