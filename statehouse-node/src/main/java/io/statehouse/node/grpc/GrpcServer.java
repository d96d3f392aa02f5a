package io.statehouse.node.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptors;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.statehouse.node.config.Address;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.metrics.NodeMetrics;
import io.statehouse.node.security.AccessRules;
import io.statehouse.node.security.ApiDoor;
import io.statehouse.node.service.AccessPolicy;
import io.statehouse.node.service.JsonGuard;
import io.statehouse.node.service.LimitGuard;
import io.statehouse.node.tracing.Tracing;
import io.statehouse.proto.v1.VersionResponse;
import io.statehouse.raft.ReplicatedLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The gRPC server of a node: its services, their common rules, and the limits of its connections. */
public final class GrpcServer implements AutoCloseable {
    private static final int METADATA_BYTES_MAX = 16 << 10;
    private static final int WINDOW_BYTES = 1 << 20;
    private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);
    private static final Duration KEEP_ALIVE_INTERVAL_MIN = Duration.ofSeconds(5);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);
    private static final Duration KEEP_ALIVE_ANSWER_MAX = Duration.ofSeconds(20);

    private final Server server;
    private final Executor executor;
    private final HealthReporter health;
    private final Streams streams;
    private @Nullable InProcessServer inProcess;

    private GrpcServer(Server server, Executor executor, HealthReporter health, Streams streams) {
        this.server = server;
        this.executor = executor;
        this.health = health;
        this.streams = streams;
    }

    /** The calls that last, and are to end before the server does. */
    private record Streams(WatchEndpoint watches, CommitStreamEndpoint commits, ReadStreamEndpoint reads) {
        static Streams of(Setup setup, Services services, StateReads reads, Foundations foundations) {
            NodeLimits limits = setup.limits();
            Executor executor = foundations.executor();
            return new Streams(
                    new WatchEndpoint(services.watches(), limits, executor),
                    new CommitStreamEndpoint(
                            services.state(),
                            api(limits),
                            limits,
                            new Tally(foundations.metrics(), "Commit"),
                            executor),
                    new ReadStreamEndpoint(
                            services.state(), reads, limits, new Tally(foundations.metrics(), "GetState"), executor));
        }

        void stop() {
            watches.stop();
            commits.stop();
            reads.stop();
        }
    }

    /** How the server is set up. */
    public record Setup(
            Address address,
            @Nullable ApiDoor door,
            NodeLimits limits,
            boolean hasReflection,
            String version,
            String gitSha) {}

    /** What the server stands on. */
    public record Foundations(
            ReplicatedLog log,
            LimitGuard guard,
            NodeMetrics metrics,
            AccessPolicy policy,
            Tracing tracing,
            Executor executor) {}

    /** A server that does not listen yet. */
    public static GrpcServer of(Setup setup, Services services, Peers peers, Foundations foundations) {
        WireFormat wire = new WireFormat(setup.limits().core().jsonDepthMax());
        Calls calls = new Calls(setup.limits(), foundations);
        HealthReporter health = new HealthReporter(services.health());
        StateReads reads =
                new StateReads(services.state(), services.transactions(), foundations.guard(), setup.limits());
        Streams streams = Streams.of(setup, services, reads, foundations);
        NettyServerBuilder builder = listening(setup, foundations.executor());
        List.of(
                        new StateEndpoint(new StateEndpoint.Parts(
                                        calls,
                                        services,
                                        reads,
                                        api(setup.limits()),
                                        new HomeForwarding(
                                                foundations.log(), peers.connections(), services.transactions()),
                                        replays(setup.limits(), foundations.executor()),
                                        version(setup)))
                                .bindService(),
                        new HistoryEndpoint(calls, services.past(), setup.limits(), foundations.executor())
                                .bindService(),
                        streams.watches().bindService(),
                        streams.commits().bindService(),
                        streams.reads().bindService(),
                        new ClusterEndpoint(calls, services.cluster(), setup.version()).bindService(),
                        new AdminEndpoint(services.backups(), setup.limits(), foundations.executor()).bindService(),
                        new AccessEndpoint(calls, services.tokens()).bindService(),
                        new QuotaEndpoint(calls, services.quotas()).bindService(),
                        agents(calls, services.agents(), setup.limits()).bindService())
                .forEach(service -> {
                    service.getMethods()
                            .forEach(method ->
                                    AccessRules.of(method.getMethodDescriptor().getFullMethodName()));
                    builder.addService(wire.reading(ServerInterceptors.intercept(service, calls)));
                });
        builder.addService(health.service());
        if (setup.hasReflection()) {
            builder.addService(ServerInterceptors.intercept(
                    ProtoReflectionServiceV1.newInstance().bindService(), calls));
        }
        return new GrpcServer(builder.build(), foundations.executor(), health, streams);
    }

    private static AgentEndpoint agents(Calls calls, Services.AgentLayer agents, NodeLimits limits) {
        return new AgentEndpoint(
                calls, agents.engine(), new JsonGuard(limits.core().jsonDepthMax()), agents.waiters());
    }

    private static NettyServerBuilder listening(Setup setup, Executor executor) {
        Address address = setup.address();
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(address.socketHost(), address.port()), credentials(setup.door()))
                .executor(executor)
                .maxInboundMessageSize(setup.limits().requestBytesMax())
                .maxInboundMetadataSize(METADATA_BYTES_MAX)
                .maxConcurrentCallsPerConnection(setup.limits().callsMax())
                .initialFlowControlWindow(WINDOW_BYTES)
                .handshakeTimeout(HANDSHAKE_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(KEEP_ALIVE_INTERVAL_MIN.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEP_ALIVE_ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ServerCredentials credentials(@Nullable ApiDoor door) {
        if (door == null) {
            return InsecureServerCredentials.create();
        }
        return TlsServerCredentials.newBuilder()
                .keyManager(door.certificates().keyManager())
                .trustManager(door.certificates().trustManager())
                .clientAuth(
                        door.wantsClientCertificate()
                                ? TlsServerCredentials.ClientAuth.REQUIRE
                                : TlsServerCredentials.ClientAuth.NONE)
                .build();
    }

    private static ApiMapper api(NodeLimits limits) {
        return new ApiMapper(
                new JsonGuard(limits.core().jsonDepthMax()), limits.core().jsonDepthMax());
    }

    private static StateEndpoint.ReplayStreams replays(NodeLimits limits, Executor executor) {
        return (request, observer, opened) -> {
            boolean wantsStruct = ApiMapper.wantsStruct(request.getOptions());
            boolean isOfOneAgent = !request.getAllAgents() && !request.getAllNamespaces();
            EventMapper mapper = new EventMapper(isOfOneAgent, wantsStruct, limits.responseBytesMax());
            new ReplayStream(observer, mapper, limits.responseBytesMax(), executor).start(opened);
        };
    }

    private static VersionResponse version(Setup setup) {
        return VersionResponse.newBuilder()
                .setVersion(setup.version())
                .setGitSha(setup.gitSha())
                .build();
    }

    /** Begins to listen. */
    public void start() throws IOException {
        server.start();
    }

    /** Also serves clients in this JVM, who reach it without a socket by the name {@code host:port} of what it listens on. */
    public void startInProcess(String host) throws IOException {
        inProcess = InProcessServer.start(host + ":" + port(), server.getServices(), executor);
    }

    /** The port it listens on. */
    public int port() {
        return server.getPort();
    }

    /** Tells watchers of the health service what has changed; a timer calls it. */
    public void refreshHealth() {
        health.refresh();
    }

    /** Tells watchers that this node will not serve again; those of commits are to go on elsewhere. */
    public void stopping() {
        health.stopping();
        streams.stop();
    }

    /** Takes no new calls and lets those under way finish within the time; then ends them. */
    public void drain(Duration grace) throws InterruptedException {
        if (inProcess != null) {
            inProcess.shutdown();
        }
        server.shutdown();
        if (!awaitTermination(grace)) {
            close();
            awaitTermination(grace);
        }
    }

    private boolean awaitTermination(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        return server.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS)
                && (inProcess == null || inProcess.awaitTermination(end - System.nanoTime()));
    }

    @Override
    public void close() {
        // The name goes before the port, which another node may take at once.
        if (inProcess != null) {
            inProcess.close();
        }
        server.shutdownNow();
    }
}
