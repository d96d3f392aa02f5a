package io.statehouse.node;

import io.statehouse.node.config.NodeConfig;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.config.NodeSecurity;
import io.statehouse.node.grpc.GrpcServer;
import io.statehouse.node.grpc.Peers;
import io.statehouse.node.grpc.Services;
import io.statehouse.node.http.HttpServer;
import io.statehouse.node.metrics.NodeMetrics;
import io.statehouse.node.security.ApiDoor;
import io.statehouse.node.security.TokenPolicy;
import io.statehouse.node.service.AccessPolicy;
import io.statehouse.node.service.BackupService;
import io.statehouse.node.service.ClusterService;
import io.statehouse.node.service.DiffService;
import io.statehouse.node.service.DiskGauge;
import io.statehouse.node.service.HistoryService;
import io.statehouse.node.service.LimitGuard;
import io.statehouse.node.service.NodeHealth;
import io.statehouse.node.service.PeerCalls;
import io.statehouse.node.service.ProvenanceService;
import io.statehouse.node.service.RetentionService;
import io.statehouse.node.service.RevertService;
import io.statehouse.node.service.StateService;
import io.statehouse.node.service.TokenService;
import io.statehouse.node.service.TransactionService;
import io.statehouse.node.service.VerifyService;
import io.statehouse.node.service.VersionService;
import io.statehouse.node.service.WatchService;
import io.statehouse.raft.ClusterView;
import io.statehouse.raft.LogRetention;
import io.statehouse.raft.RaftOptions;
import io.statehouse.raft.RatisLog;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.SoloLog;
import io.statehouse.raft.tls.MemberTls;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node, put together: every long-lived object is made here, in start order, and closed in reverse.
 *
 * <p>Start: HTTP (so that a probe sees a node that starts), log, gRPC. Stop: not ready, leadership handed over, calls under
 * way finished, log closed.
 */
public final class StatehouseNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatehouseNode.class);
    private static final int CALL_THREADS_MIN = 4;
    private static final int CALL_THREADS_PER_CORE = 2;
    private static final Duration TICK = Duration.ofMillis(200);
    /** Room for what an answer says besides its items. */
    private static final int ANSWER_HEAD_BYTES = 64 << 10;

    private static final Duration HAND_OVER_MAX = Duration.ofSeconds(3);

    private final NodeConfig config;
    private final ExecutorService callThreads;
    private final ScheduledExecutorService timer;
    private final NodeMetrics metrics;
    private final ReplicatedLog log;
    private final NodeHealth health;
    private final DiskGauge disk;
    private final Peers peers;
    private final TransactionService transactions;
    private final GrpcServer grpc;
    private final HttpServer http;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** Puts a node together over a log that has not been started; the node owns it from now on. */
    public StatehouseNode(NodeConfig config, ReplicatedLog log, BuildInfo build) {
        this.config = config;
        this.log = log;
        callThreads = Executors.newFixedThreadPool(
                Math.max(CALL_THREADS_MIN, Runtime.getRuntime().availableProcessors() * CALL_THREADS_PER_CORE),
                Thread.ofPlatform().name("statehouse-call-", 0).daemon().factory());
        timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("statehouse-timer").daemon().factory());
        metrics = new NodeMetrics();
        health = new NodeHealth(log);
        ApiDoor door = ApiDoor.of(config.security());
        peers = new Peers(config.self().id(), config.limits(), door, callThreads);
        LimitGuard guard = new LimitGuard(config.limits().core());
        disk = DiskGauge.of(
                config.isInMemory() ? null : config.dataDirectory(),
                config.limits().diskReserveBytes());
        StateService.Node core = new StateService.Node(log, policy(config, log), guard, disk);
        StateService state = new StateService(core, peers.leader(), metrics, callThreads);
        transactions = new TransactionService(
                state,
                core,
                config.limits(),
                metrics,
                new TransactionService.Home(
                        config.self().id(), Clock.systemUTC(), System::nanoTime, new SecureRandom()));
        Services services = new Services(
                state,
                transactions,
                new HistoryService(state, core),
                past(state, core, peers.leader(), config.limits()),
                new WatchService(state, core),
                new ClusterService(core, peers.leader(), self(config, health)),
                new BackupService(state, core),
                new TokenService(state, core, peers.leader()),
                health);
        grpc = GrpcServer.of(
                new GrpcServer.Setup(
                        config.apiAddress(),
                        door,
                        config.limits(),
                        config.hasReflection(),
                        build.version(),
                        build.gitSha()),
                services,
                peers,
                new GrpcServer.Foundations(log, guard, metrics, core.policy(), callThreads));
        http = new HttpServer(
                new HttpServer.Setup(config.httpAddress(), door, config.limits().shutdownGrace()), health, metrics);
    }

    private static ClusterService.Self self(NodeConfig config, NodeHealth health) {
        return new ClusterService.Self(health, Clock.systemUTC(), config.shown(), config.security()::certificateEnds);
    }

    private static AccessPolicy policy(NodeConfig config, ReplicatedLog log) {
        NodeSecurity.Tokens tokens = config.security().tokens();
        return tokens == null ? AccessPolicy.OPEN : new TokenPolicy(log, tokens.bootstrap());
    }

    private static Services.Past past(StateService state, StateService.Node core, PeerCalls peers, NodeLimits limits) {
        int pageBytesMax = limits.responseBytesMax() - ANSWER_HEAD_BYTES;
        return new Services.Past(
                new VersionService(state, core, pageBytesMax),
                new DiffService(state, core, pageBytesMax),
                new RevertService(state, core, limits.core()),
                new ProvenanceService(state, core, pageBytesMax),
                new VerifyService(core),
                new RetentionService(state, core, peers));
    }

    /** The node that a configuration describes; it does not run yet. */
    public static StatehouseNode of(NodeConfig config, BuildInfo build) {
        return new StatehouseNode(config, openLog(config), build);
    }

    private static ReplicatedLog openLog(NodeConfig config) {
        if (config.isInMemory()) {
            StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT);
            return SoloLog.open(config.self(), state, Clock.systemUTC(), new SecureRandom());
        }
        return RatisLog.open(raftOptions(config));
    }

    private static RaftOptions raftOptions(NodeConfig config) {
        LogRetention usual = LogRetention.DEFAULT;
        RaftOptions options = RaftOptions.of(
                        config.self(), config.members(), config.dataDirectory(), config.firstStart())
                .with(new LogRetention(
                        config.logSegmentBytes(), usual.purgeBytes(), config.snapshotInterval(), usual.entriesKept()));
        return new RaftOptions(
                options.self(),
                options.members(),
                options.dataDirectory(),
                options.firstStart(),
                config.electionTimeoutMin(),
                config.electionTimeoutMax(),
                options.entriesInFlightMax(),
                options.batchCommandsMax(),
                options.batchBytesMax(),
                options.queueBytesMax(),
                options.flushInterval(),
                options.limits(),
                options.retention(),
                MemberTls.of(config.security().raft()));
    }

    /** Runs the node; returns when it serves, which is not yet when it has a leader. */
    public void start() throws Exception {
        config.warnings().forEach(LOG::warn);
        http.start();
        log.start();
        metrics.watchCluster(log::cluster);
        health.started();
        grpc.start();
        var unused = timer.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        LOG.info(
                "node serves node={} api={}:{} raft={} http={}:{} data={}",
                config.self().id(),
                config.apiAddress().host(),
                grpc.port(),
                config.isInMemory() ? "none" : config.self().raftAddress(),
                config.httpAddress().host(),
                http.port(),
                config.isInMemory() ? "memory" : config.dataDirectory());
    }

    private void tick() {
        try {
            transactions.expireDue();
            if (disk.look() && log.cluster().isReady()) {
                // Once: if the others are as full, leadership would only wander.
                var unused = log.transferLeadership(null);
            }
            grpc.refreshHealth();
        } catch (RuntimeException e) {
            // A timer that throws is never called again.
            LOG.error("the node's timer failed once", e);
        }
    }

    /** The port of the gRPC API. */
    public int apiPort() {
        return grpc.port();
    }

    /** The port of HTTP. */
    public int httpPort() {
        return http.port();
    }

    /** The cluster as this node sees it. */
    public ClusterView cluster() {
        return log.cluster();
    }

    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        LOG.info("node stops node={}", config.self().id());
        health.stopping();
        grpc.stopping();
        step("leadership", this::handOverLeadership);
        step("grpc", this::drain);
        step("http", http::close);
        timer.shutdownNow();
        step("log", log::close);
        peers.close();
        callThreads.shutdown();
        metrics.close();
        LOG.info("node stopped node={}", config.self().id());
    }

    /** What fails at the end must not keep the rest from ending. */
    private void step(String part, Runnable ending) {
        try {
            ending.run();
        } catch (RuntimeException e) {
            LOG.error("a part of this node did not end well part={}", part, e);
        }
    }

    private void drain() {
        try {
            grpc.drain(config.limits().shutdownGrace());
        } catch (InterruptedException e) {
            grpc.close();
            Thread.currentThread().interrupt();
        }
    }

    /** Before calls are refused, so that clients find the new leader while this node still answers. */
    private void handOverLeadership() {
        ClusterView cluster = log.cluster();
        if (cluster.role() != ClusterView.Role.LEADER || cluster.voters().size() < 2) {
            return;
        }
        try {
            String leader = log.transferLeadership(null).get(HAND_OVER_MAX.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("leadership handed over leader={} commit_ts={}", leader, cluster.applied());
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("leadership not handed over, the others will elect: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
