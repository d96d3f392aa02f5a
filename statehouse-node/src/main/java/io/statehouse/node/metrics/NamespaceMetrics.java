package io.statehouse.node.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.statehouse.raft.LogException;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.Quota;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.state.Usage;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * What namespaces with a quota take of it, asked once for each collection. Apart from all other metrics, because their names are
 * not for everybody.
 */
final class NamespaceMetrics {
    /** So many are shown: those that are nearest to a bound. */
    static final int SHOWN_MAX = 100;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ReplicatedLog log;
    private final MultiGauge bytes = gauge("statehouse.namespace.bytes", "Bytes of the keys and values it holds");
    private final MultiGauge bytesMax = gauge("statehouse.namespace.quota.bytes", "How many it may hold");
    private final MultiGauge agents = gauge("statehouse.namespace.agents", "Agents it lists");
    private final MultiGauge agentsMax = gauge("statehouse.namespace.quota.agents", "How many it may list");
    private final MultiGauge operationsMax =
            gauge("statehouse.namespace.quota.operations.per.second", "Operations a second its transactions may have");
    private volatile long bounded;

    NamespaceMetrics(ReplicatedLog log) {
        this.log = log;
        Gauge.builder("statehouse.quota.namespaces", () -> bounded)
                .description("Namespaces with a quota, shown or not")
                .register(registry);
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /** In the text format of Prometheus; empty when the log does not run. */
    String scrape() {
        try {
            show(log.query(StateMachine::usages));
        } catch (LogException e) {
            return "";
        }
        return registry.scrape();
    }

    private void show(Map<String, Usage> usages) {
        var all = usages.entrySet().stream()
                .filter(one -> !one.getValue().quota().equals(Quota.NONE))
                .toList();
        bounded = all.size();
        // Sorting keeps the order of names among equals, so that the same ones are shown each time.
        var shown = all.stream()
                .sorted(Comparator.comparingDouble(one -> -share(one.getValue())))
                .limit(SHOWN_MAX)
                .toList();
        bytes.register(rows(shown, Usage::isCounted, Usage::bytes), true);
        agents.register(rows(shown, Usage::isCounted, Usage::agents), true);
        bytesMax.register(bounds(shown, Quota::bytesMax), true);
        agentsMax.register(bounds(shown, Quota::agentsMax), true);
        operationsMax.register(bounds(shown, Quota::operationsPerSecondMax), true);
    }

    /** How near a namespace is to a bound: 1 = there. */
    private static double share(Usage usage) {
        Quota quota = usage.quota();
        return Math.max(share(usage.bytes(), quota.bytesMax()), share(usage.agents(), quota.agentsMax()));
    }

    private static double share(long taken, long max) {
        return max == 0 ? 0 : (double) taken / max;
    }

    private static List<MultiGauge.Row<?>> bounds(List<Map.Entry<String, Usage>> shown, ToLongFunction<Quota> bound) {
        return rows(shown, usage -> bound.applyAsLong(usage.quota()) > 0, usage -> bound.applyAsLong(usage.quota()));
    }

    private static List<MultiGauge.Row<?>> rows(
            List<Map.Entry<String, Usage>> shown, Predicate<Usage> isKnown, ToLongFunction<Usage> value) {
        return shown.stream()
                .filter(one -> isKnown.test(one.getValue()))
                .<MultiGauge.Row<?>>map(
                        one -> MultiGauge.Row.of(Tags.of("namespace", one.getKey()), value.applyAsLong(one.getValue())))
                .toList();
    }
}
