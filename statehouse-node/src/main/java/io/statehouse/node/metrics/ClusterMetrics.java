package io.statehouse.node.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.statehouse.raft.ClusterView;
import io.statehouse.raft.LogException;
import io.statehouse.raft.LogFigures;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.storage.StoreFigures;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The cluster, the Raft log and the store as this node sees them, asked once for each collection. */
final class ClusterMetrics {
    private final MeterRegistry registry;
    private final ReplicatedLog log;
    private final MultiGauge followerLags;
    private volatile @Nullable ClusterView cluster;
    private volatile LogFigures figures = LogFigures.NONE;

    ClusterMetrics(MeterRegistry registry, ReplicatedLog log) {
        this.registry = registry;
        this.log = log;
        followerLags = MultiGauge.builder("statehouse.raft.follower.lag.entries")
                .description("On the leader: log entries that a member has not acknowledged")
                .register(registry);
        showCluster();
        showLog();
        showStore();
    }

    private void showCluster() {
        ofCluster(
                "statehouse.commit.ts",
                "Latest commit_ts applied here",
                view -> view.applied().value());
        ofCluster(
                "statehouse.durable.commit.ts",
                "Latest commit_ts a crash would keep without the log",
                view -> view.durable().value());
        ofCluster("statehouse.raft.term", "Current term", ClusterView::term);
        ofCluster(
                "statehouse.apply.lag.entries",
                "Log entries committed and not applied here",
                ClusterView::applyLagEntries);
        ofCluster(
                "statehouse.raft.voters",
                "Members that vote, as this node knows them",
                view -> view.voters().size());
        ofCluster(
                "statehouse.raft.leader.known",
                "1 when this node knows a leader",
                view -> view.leader() == null ? 0 : 1);
        for (ClusterView.Role role : ClusterView.Role.values()) {
            Gauge.builder("statehouse.raft.role", () -> ofView(view -> view.role() == role ? 1 : 0))
                    .description("1 for the role this node has")
                    .tag("role", role.name())
                    .register(registry);
        }
    }

    private void showLog() {
        ofLog("statehouse.raft.log.entries", "Entries of the Raft log on this disk", LogFigures::entries);
        quantile("0.5", LogFigures.Spread::median);
        quantile("0.99", LogFigures.Spread::p99);
        quantile("1", LogFigures.Spread::max);
        counter(
                "statehouse.raft.log.flushes",
                "Times the Raft log was forced to the disk; no commit is acknowledged without one on a majority",
                LogFigures::segmentFlushes);
        counter("statehouse.raft.elections", "Elections this node stood in", LogFigures::elections);
        counter(
                "statehouse.raft.election.timeouts",
                "Times this node waited for a leader in vain",
                LogFigures::electionTimeouts);
    }

    private void showStore() {
        ofStore("rows.estimate", "Rows of all tables, about", StoreFigures::rowsEstimate);
        ofStore("file.bytes", "Bytes of the tables' files", StoreFigures::fileBytes);
        ofStore("live.bytes", "Bytes of the rows that count, about", StoreFigures::liveBytes);
        ofStore("memtable.bytes", "Bytes written and not in a file yet", StoreFigures::memtableBytes);
        ofStore("cache.bytes", "Bytes of blocks kept in memory", StoreFigures::cacheBytes);
        ofStore("reader.bytes", "Memory for open files beside the cache", StoreFigures::readerBytes);
        ofStore("level.zero.files", "Files that no compaction has merged yet", StoreFigures::levelZeroFiles);
        ofStore("compaction.pending.bytes", "Bytes to be compacted, about", StoreFigures::compactionBytesPending);
        ofStore("compactions.running", "Compactions at the moment", StoreFigures::compactionsRunning);
        ofStore("flushes.running", "Flushes at the moment", StoreFigures::flushesRunning);
        ofStore(
                "write.stopped",
                "1 when writes wait for flushes or compactions",
                store -> store.isWriteStopped() ? 1 : 0);
        ofStore(
                "delayed.write.bytes.per.second",
                "To which writes are slowed; 0 = they are not",
                StoreFigures::delayedWriteBytesPerSecond);
        ofStore("snapshots.open", "Snapshots that readers hold", StoreFigures::snapshotsOpen);
    }

    private void ofCluster(String name, String description, ToDoubleFunction<ClusterView> value) {
        Gauge.builder(name, () -> ofView(value)).description(description).register(registry);
    }

    private double ofView(ToDoubleFunction<ClusterView> value) {
        ClusterView view = cluster;
        return view == null ? Double.NaN : value.applyAsDouble(view);
    }

    private void ofLog(String name, String description, ToDoubleFunction<LogFigures> value) {
        Gauge.builder(name, () -> value.applyAsDouble(figures))
                .description(description)
                .register(registry);
    }

    private void ofStore(String name, String description, ToDoubleFunction<StoreFigures> value) {
        ofLog("statehouse.rocksdb." + name, description, all -> value.applyAsDouble(all.store()));
    }

    private void quantile(String quantile, ToDoubleFunction<LogFigures.Spread> value) {
        Gauge.builder("statehouse.raft.log.flush.recent", () -> value.applyAsDouble(figures.segmentFlush()))
                .baseUnit("seconds")
                .description("How long the recent flushes of the Raft log took")
                .tag("quantile", quantile)
                .register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<LogFigures> value) {
        FunctionCounter.builder(name, this, self -> value.applyAsDouble(self.figures))
                .description(description)
                .register(registry);
    }

    /** Asks the log how it is. One that does not run yet, or any more, leaves what was known. */
    void refresh() {
        try {
            ClusterView view = log.cluster();
            figures = log.figures();
            cluster = view;
            followerLags.register(
                    view.followerLagEntries().entrySet().stream()
                            .map(lag -> MultiGauge.Row.of(Tags.of("member", lag.getKey()), lag.getValue()))
                            .toList(),
                    true);
        } catch (LogException e) {
            cluster = null;
        }
    }
}
