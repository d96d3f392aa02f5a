package io.statehouse.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.command.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    private final LogMetrics logMetrics = new LogMetrics(registry);
    private final Map<String, AtomicInteger> openStreams = new ConcurrentHashMap<>();
    private final Map<String, Counter> streamMessages = new ConcurrentHashMap<>();
    private final Map<End, Counter> ends = new ConcurrentHashMap<>();
    private final MultiGauge certificates = MultiGauge.builder("statehouse.certificate.end.timestamp")
            .baseUnit("seconds")
            .description("When a certificate in use ceases to be valid, in seconds since 1970")
            .register(registry);
    private volatile Supplier<Map<String, @Nullable Instant>> certificateEnds = Map::of;
    private volatile @Nullable ClusterMetrics cluster;
    private volatile @Nullable NamespaceMetrics namespaces;

    public NodeMetrics() {
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
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
                case Operation.Put put -> wrote(put.value());
                case Operation.Append append -> wrote(append.value());
                case Operation.Edit edit -> wrote(edit.argument());
                case Operation.Delete delete -> deletes.increment();
            }
        }
    }

    private void wrote(Json value) {
        writes.increment();
        bytesWritten.increment(value.length());
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
        ends.computeIfAbsent(new End(rpc, status), this::endCounter).increment();
    }

    private record End(String rpc, String status) {}

    private Counter endCounter(End end) {
        return registry.counter("statehouse.rpc.ended", "rpc", end.rpc, "status", end.status);
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

    /** Hears what the log does. */
    public LogMetrics logMetrics() {
        return logMetrics;
    }

    /** Shows the cluster, the Raft log, the store and what namespaces take as this node sees them. */
    public void watchLog(ReplicatedLog log) {
        cluster = new ClusterMetrics(registry, log);
        namespaces = new NamespaceMetrics(log);
    }

    /** Shows which build this is. */
    public void showBuild(String version, String gitSha) {
        Gauge.builder("statehouse.build", () -> 1)
                .description("1; which build this is")
                .tag("version", version)
                .tag("git_sha", gitSha)
                .register(registry);
    }

    /** Shows the disk of the data directory. */
    public void watchDisk(Supplier<Number> freeBytes, Supplier<Number> totalBytes) {
        gauge("statehouse.disk.free.bytes", "Free on the disk of the data directory; 0 = in memory", freeBytes);
        gauge("statehouse.disk.total.bytes", "Size of the disk of the data directory; 0 = in memory", totalBytes);
    }

    /** Shows until when the certificates in use are valid; one that cannot be read is not shown. */
    public void watchCertificates(Supplier<Map<String, @Nullable Instant>> ends) {
        certificateEnds = ends;
    }

    /** A stream was opened, or, with -1, ended. */
    public void streams(String rpc, int change) {
        openStreams.computeIfAbsent(rpc, this::streamGauge).addAndGet(change);
    }

    private AtomicInteger streamGauge(String rpc) {
        AtomicInteger open = new AtomicInteger();
        Gauge.builder("statehouse.streams.open", open, AtomicInteger::get)
                .description("Streams open at this node")
                .tag("rpc", rpc)
                .register(registry);
        return open;
    }

    /** A stream sent a message. */
    public void streamed(String rpc) {
        streamMessages.computeIfAbsent(rpc, this::streamCounter).increment();
    }

    private Counter streamCounter(String rpc) {
        return Counter.builder("statehouse.stream.messages")
                .description("Messages that streams of this node sent")
                .tag("rpc", rpc)
                .register(registry);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** All metrics that name no namespace, in the text format of Prometheus. */
    public String scrape() {
        ClusterMetrics watched = cluster;
        if (watched != null) {
            watched.refresh();
        }
        List<MultiGauge.Row<?>> ends = new ArrayList<>();
        certificateEnds.get().forEach((setting, end) -> {
            if (end != null) {
                ends.add(MultiGauge.Row.of(Tags.of("setting", setting), end.getEpochSecond()));
            }
        });
        certificates.register(ends, true);
        return registry.scrape();
    }

    /** Those that do: what namespaces with a quota take of it. */
    public String scrapeNamespaces() {
        NamespaceMetrics watched = namespaces;
        return watched == null ? "" : watched.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
