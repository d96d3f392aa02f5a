package io.statehouse.node;

import io.statehouse.node.agent.AgentEngine;
import io.statehouse.node.agent.Reducers;
import io.statehouse.node.config.NodeConfig;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.config.NodeSecurity;
import io.statehouse.node.config.SpanTarget;
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
import io.statehouse.node.service.Deadlines;
import io.statehouse.node.service.Decisions;
import io.statehouse.node.service.DiffService;
import io.statehouse.node.service.DiskGauge;
import io.statehouse.node.service.DiskWatch;
import io.statehouse.node.service.HistoryService;
import io.statehouse.node.service.LimitGuard;
import io.statehouse.node.service.NodeHealth;
import io.statehouse.node.service.PeerCalls;
import io.statehouse.node.service.ProvenanceService;
import io.statehouse.node.service.QuotaService;
import io.statehouse.node.service.RetentionService;
import io.statehouse.node.service.RevertService;
import io.statehouse.node.service.StateService;
import io.statehouse.node.service.TokenService;
import io.statehouse.node.service.TransactionService;
import io.statehouse.node.service.VerifyService;
import io.statehouse.node.service.VersionService;
import io.statehouse.node.service.WatchService;
import io.statehouse.node.tracing.SpanExport;
import io.statehouse.node.tracing.Tracing;
import io.statehouse.raft.ClusterView;
import io.statehouse.raft.Halt;
import io.statehouse.raft.LogRetention;
import io.statehouse.raft.RaftOptions;
import io.statehouse.raft.RatisLog;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.SoloLog;
import io.statehouse.raft.tls.MemberTls;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.io.IOException;
import java.nio.file.Path;
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
import org.jspecify.annotations.Nullable;
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
    private final ExecutorService waiters;
    private final ScheduledExecutorService timer;
    private final Deadlines deadlines = new Deadlines();
    private final NodeMetrics metrics;
    private final Tracing tracing;
    private final ReplicatedLog log;
    private final NodeHealth health;
    private final AccessPolicy policy;
    private final DiskWatch disk;
    private final Peers peers;
    private final TransactionService transactions;
    private final Reducers reducers;
    private final GrpcServer grpc;
    private final HttpServer http;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** Puts a node together over a log that has not been started; the node owns it from now on. */
    public StatehouseNode(NodeConfig config, ReplicatedLog log, BuildInfo build) {
        this(config, log, build, new NodeMetrics());
    }

    private StatehouseNode(NodeConfig config, ReplicatedLog log, BuildInfo build, NodeMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        this.log = log;
        callThreads = Executors.newFixedThreadPool(
                Math.max(CALL_THREADS_MIN, Runtime.getRuntime().availableProcessors() * CALL_THREADS_PER_CORE),
                Thread.ofPlatform().name("statehouse-call-", 0).daemon().factory());
        waiters = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("statehouse-waiter-", 0).factory());
        timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("statehouse-timer").daemon().factory());
        tracing = new Tracing(new SecureRandom(), export(config, build));
        health = new NodeHealth(log);
        ApiDoor door = ApiDoor.of(config.security());
        peers = new Peers(config.self().id(), config.limits(), door, callThreads);
        LimitGuard guard = new LimitGuard(config.limits().core());
        DiskGauge gauge = DiskGauge.of(diskOf(config), config.limits().diskReserveBytes());
        disk = new DiskWatch(gauge, log, diskOf(config), Halt.ofProcess(), System::nanoTime);
        observe(build, gauge);
        policy = policy(config, log);
        StateService.Node core = new StateService.Node(log, policy, guard, gauge);
        StateService state = new StateService(core, peers.leader(), metrics, deadlines, callThreads);
        transactions = new TransactionService(
                state,
                core,
                config.limits(),
                metrics,
                new TransactionService.Home(
                        config.self().id(), Clock.systemUTC(), System::nanoTime, new SecureRandom()));
        reducers = Reducers.load(config.agents().reducers());
        AgentEngine engine = new AgentEngine(
                new Decisions(state),
                new AgentEngine.Foundations(policy, guard, Clock.systemUTC(), new SecureRandom()),
                reducers,
                config.agents().isStrict());
        grpc = GrpcServer.of(
                grpcSetup(config, door, build),
                services(state, core, engine),
                peers,
                new GrpcServer.Foundations(log, guard, metrics, policy, tracing, callThreads));
        http = new HttpServer(httpSetup(config, door, policy), rpc(engine), health, metrics);
    }

    private static @Nullable Path diskOf(NodeConfig config) {
        return config.isInMemory() ? null : config.dataDirectory();
    }

    private Services services(StateService state, StateService.Node core, AgentEngine engine) {
        return new Services(
                state,
                transactions,
                new HistoryService(state, core),
                past(state, core, peers.leader(), config.limits()),
                new WatchService(state, core),
                new ClusterService(core, peers.leader(), self(config, health)),
                new BackupService(state, core),
                new TokenService(state, core, peers.leader()),
                new QuotaService(state, core, peers.leader()),
                new Services.AgentLayer(engine, waiters),
                health);
    }

    private static GrpcServer.Setup grpcSetup(NodeConfig config, @Nullable ApiDoor door, BuildInfo build) {
        return new GrpcServer.Setup(
                config.apiAddress(), door, config.limits(), config.hasReflection(), build.version(), build.gitSha());
    }

    private static HttpServer.Setup httpSetup(NodeConfig config, @Nullable ApiDoor door, AccessPolicy policy) {
        return new HttpServer.Setup(
                config.httpAddress(),
                door,
                policy,
                config.areMetricsOpen(),
                config.limits().shutdownGrace());
    }

    private static @Nullable SpanExport export(NodeConfig config, BuildInfo build) {
        SpanTarget target = config.spans();
        return target == null ? null : SpanExport.to(target, config.self().id(), build.version());
    }

    private void observe(BuildInfo build, DiskGauge gauge) {
        metrics.showBuild(build.version(), build.gitSha());
        metrics.watchLog(log);
        metrics.watchDisk(() -> gauge.space().freeBytes(), () -> gauge.space().totalBytes());
        metrics.watchCertificates(config.security()::certificateEnds);
    }

    private HttpServer.Rpc rpc(AgentEngine engine) {
        return new HttpServer.Rpc(
                engine,
                policy,
                config.agents().hosts(),
                config.agents().origins(),
                config.limits().core().jsonDepthMax(),
                config.limits().callsMax(),
                config.limits().callTimeout(),
                waiters);
    }

    private static ClusterService.Self self(NodeConfig config, NodeHealth health) {
        return new ClusterService.Self(
                health,
                Clock.systemUTC(),
                config.featureLevelMax(),
                config.shown(),
                config.security()::certificateEnds);
    }

    private static AccessPolicy policy(NodeConfig config, ReplicatedLog log) {
        NodeSecurity.Tokens tokens = config.security().tokens();
        return tokens == null
                ? AccessPolicy.OPEN
                : new TokenPolicy(log, tokens.bootstrap(), Clock.systemUTC(), config.audit());
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
        NodeMetrics metrics = new NodeMetrics();
        return new StatehouseNode(config, openLog(config, metrics), build, metrics);
    }

    private static ReplicatedLog openLog(NodeConfig config, NodeMetrics metrics) {
        if (config.isInMemory()) {
            StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT);
            return SoloLog.open(config.self(), state, Clock.systemUTC(), new SecureRandom());
        }
        return RatisLog.open(raftOptions(config), metrics.logMetrics());
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
                MemberTls.of(config.security().raft()),
                config.featureLevelMax());
    }

    /** Runs the node; returns when it serves, which is not yet when it has a leader. */
    public void start() throws Exception {
        config.warnings().forEach(LOG::warn);
        http.start();
        log.start();
        policy.start();
        health.started();
        grpc.start();
        disk.start();
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

    /** Serves clients in this JVM without a socket, too. */
    void startInProcess() throws IOException {
        grpc.startInProcess(config.apiAddress().host());
    }

    private void tick() {
        try {
            transactions.expireDue();
            policy.flush();
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

    /** Whether it can serve all that its release knows. */
    boolean isReady() {
        return health.whyNotReady() == null && log.query(StateMachine::featureLevel) >= config.featureLevelMax();
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
        disk.close();
        step("log", log::close);
        peers.close();
        step("reducers", reducers::close);
        step("tracing", tracing::close);
        step("audit", policy::stop);
        waiters.shutdownNow();
        callThreads.shutdown();
        deadlines.close();
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
