package io.statehouse.raft;

import io.statehouse.statemachine.StateMachine;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.impl.RatisMetricRegistryImpl;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.codahale.metrics.MetricRegistry;
import org.apache.ratis.thirdparty.com.codahale.metrics.Timer;
import org.jspecify.annotations.Nullable;

/** Reads what Ratis counts of one member; its names are those of {@code SegmentedRaftLogMetrics} and {@code LeaderElectionMetrics}. */
final class RatisFigures {
    private static final String LOG = "log_worker";
    private static final String ELECTION = "leader_election";
    private static final double SECONDS_PER_NANO = 1.0 / TimeUnit.SECONDS.toNanos(1);

    private RatisFigures() {}

    static LogFigures of(RaftServer.Division division, Replica replica) {
        String member = division.getMemberId().toString();
        var log = division.getRaftLog();
        var flushes = timer(member, LOG, ".flushTime");
        return new LogFigures(
                Math.max(0, log.getNextIndex() - log.getStartIndex()),
                flushes == null ? 0 : flushes.getCount(),
                flushes == null ? LogFigures.Spread.NONE : spread(flushes),
                count(member, "electionCount"),
                count(member, "timeoutCount"),
                replica.query(StateMachine::storeFigures));
    }

    private static LogFigures.Spread spread(Timer timer) {
        var recent = timer.getSnapshot();
        return new LogFigures.Spread(
                recent.getMedian() * SECONDS_PER_NANO,
                recent.get99thPercentile() * SECONDS_PER_NANO,
                recent.getMax() * SECONDS_PER_NANO);
    }

    private static @Nullable Timer timer(String member, String component, String name) {
        var registry = registry(member, component);
        return registry == null ? null : last(registry.getTimers(), name);
    }

    private static long count(String member, String name) {
        var registry = registry(member, ELECTION);
        if (registry == null) {
            return 0;
        }
        var counter = last(registry.getCounters(), "." + name);
        return counter == null ? 0 : counter.getCount();
    }

    /** Ratis puts application, component and member before the name. */
    private static <M> @Nullable M last(Map<String, M> metrics, String name) {
        return metrics.entrySet().stream()
                .filter(metric -> metric.getKey().endsWith(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable MetricRegistry registry(String member, String component) {
        return MetricRegistries.global().getMetricRegistries().stream()
                .filter(registry -> registry.getMetricRegistryInfo().getPrefix().equals(member)
                        && registry.getMetricRegistryInfo()
                                .getMetricsComponentName()
                                .equals(component))
                .findFirst()
                .map(registry ->
                        registry instanceof RatisMetricRegistryImpl known ? known.getDropWizardMetricRegistry() : null)
                .orElse(null);
    }
}
