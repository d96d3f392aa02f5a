package io.statehouse.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.statehouse.raft.ClusterView;
import io.statehouse.statemachine.command.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Everything a node counts and times, under the names that dashboards know. Names of things, never values or keys. */
public final class NodeMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final Map<String, Timer> rpcTimers = new ConcurrentHashMap<>();
    private final Counter committed = transactions("committed");
    private final Counter refused = transactions("refused");
    private final Counter aborted = transactions("aborted");
    private final Counter expired = transactions("expired");
    private final Counter unknown = transactions("unknown");
    private final Counter writes = operations("write");
    private final Counter deletes = operations("delete");
    private final Counter bytesWritten = Counter.builder("statehouse.storage.bytes.written")
            .description("Bytes of the values of transactions that were committed through this node")
            .register(registry);

    public NodeMetrics() {
        gc.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    private Counter transactions(String status) {
        return Counter.builder("statehouse.transactions")
                .description("Transactions that ended through this node")
                .tag("status", status)
                .register(registry);
    }

    private Counter operations(String type) {
        return Counter.builder("statehouse.operations")
                .description("Operations of transactions that were committed through this node")
                .tag("type", type)
                .register(registry);
    }

    /** A transaction was committed. */
    public void committed(List<Operation> operations) {
        committed.increment();
        for (Operation operation : operations) {
            switch (operation) {
                case Operation.Put put -> {
                    writes.increment();
                    bytesWritten.increment(put.value().length());
                }
                case Operation.Delete delete -> deletes.increment();
            }
        }
    }

    /** A transaction was decided and not applied. */
    public void refused() {
        refused.increment();
    }

    /** A staged transaction was given up by its client. */
    public void aborted() {
        aborted.increment();
    }

    /** Staged transactions ran out of time. */
    public void expired(int count) {
        expired.increment(count);
    }

    /** A commit was sent and never answered. */
    public void outcomeUnknown() {
        unknown.increment();
    }

    /** A call ended, however it ended. */
    public void rpcEnded(String rpc, String status, Duration took) {
        rpcTimers.computeIfAbsent(rpc, this::rpcTimer).record(took);
        registry.counter("statehouse.rpc.ended", "rpc", rpc, "status", status).increment();
    }

    private Timer rpcTimer(String rpc) {
        return Timer.builder("statehouse.rpc.duration")
                .description("Time from a call's arrival to its end")
                .tag("rpc", rpc)
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5))
                .register(registry);
    }

    /** Shows what is staged on this node. */
    public void watchStaged(Supplier<Number> count, Supplier<Number> bytes) {
        gauge("statehouse.staged.transactions", "Staged transactions open on this node", count);
        gauge("statehouse.staged.bytes", "Bytes of staged operations on this node", bytes);
    }

    /** Shows the calls that are under way. */
    public void watchCalls(Supplier<Number> inFlight) {
        gauge("statehouse.calls.in.flight", "API calls under way", inFlight);
    }

    /** Shows the cluster as this node sees it. */
    public void watchCluster(Supplier<ClusterView> cluster) {
        gauge(
                "statehouse.commit.ts",
                "Latest commit_ts applied here",
                () -> cluster.get().applied().value());
        gauge(
                "statehouse.durable.commit.ts",
                "Latest commit_ts a crash would keep without the log",
                () -> cluster.get().durable().value());
        gauge("statehouse.raft.term", "Current term", () -> cluster.get().term());
        gauge(
                "statehouse.apply.lag.entries",
                "Log entries committed and not applied here",
                () -> cluster.get().applyLagEntries());
        for (ClusterView.Role role : ClusterView.Role.values()) {
            Gauge.builder("statehouse.raft.role", () -> cluster.get().role() == role ? 1 : 0)
                    .description("1 for the role this node has")
                    .tag("role", role.name())
                    .register(registry);
        }
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** All metrics in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
