package io.statehouse.node.http;

import io.statehouse.node.agent.AgentEngine;
import io.statehouse.node.config.Address;
import io.statehouse.node.metrics.NodeMetrics;
import io.statehouse.node.security.AccessRules;
import io.statehouse.node.security.ApiDoor;
import io.statehouse.node.service.AccessPolicy;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.NodeHealth;
import io.statehouse.node.service.ServiceException;
import io.statehouse.node.service.Trace;
import io.statehouse.raft.LogException;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The HTTP port of a node: whether it lives, whether it is ready, what it counts, and JSON-RPC. */
public final class HttpServer implements AutoCloseable {
    private static final int THREADS_MAX = 16;
    private static final int HEADER_BYTES_MAX = 8 << 10;
    private static final int ACCEPT_QUEUE_MAX = 64;
    private static final Duration IDLE_MAX = Duration.ofSeconds(30);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Set<String> OWN_PAGES = Set.of("/healthz", "/readyz", "/health", "/metrics");
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Server server;
    private final ServerConnector connector;

    /**
     * How the server is set up.
     *
     * @param door null = no TLS
     * @param policy who may read the metrics; whether this node lives and is ready is told to everybody
     * @param areMetricsOpen whether they are shown without a token too, but for what names a namespace
     */
    public record Setup(
            Address address, @Nullable ApiDoor door, AccessPolicy policy, boolean areMetricsOpen, Duration grace) {}

    /**
     * How calls over HTTP are taken.
     *
     * @param hosts names by which this node may be called, beside addresses and localhost
     * @param origins those of pages that may call
     * @param depthMax deepest nesting of a body
     * @param callsMax the most requests under way at once
     * @param waiters threads that may wait
     */
    public record Rpc(
            AgentEngine engine,
            AccessPolicy policy,
            List<String> hosts,
            List<String> origins,
            int depthMax,
            int callsMax,
            Duration callTimeout,
            Executor waiters) {
        public Rpc {
            hosts = List.copyOf(hosts);
            origins = List.copyOf(origins);
        }
    }

    /** A server that does not listen yet. */
    public HttpServer(Setup setup, Rpc rpc, NodeHealth health, NodeMetrics metrics) {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX);
        threads.setName("statehouse-http");
        server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(HEADER_BYTES_MAX);
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        connector = new ServerConnector(server, factories(setup, new HttpConnectionFactory(configuration)));
        connector.setHost(setup.address().socketHost());
        connector.setPort(setup.address().port());
        connector.setAcceptQueueSize(ACCEPT_QUEUE_MAX);
        connector.setIdleTimeout(IDLE_MAX.toMillis());
        server.addConnector(connector);
        server.setHandler(new Pages(health, metrics, setup, new RpcPage(rpc)));
        server.setStopTimeout(setup.grace().toMillis());
    }

    private static ConnectionFactory[] factories(Setup setup, HttpConnectionFactory http) {
        ApiDoor door = setup.door();
        if (door == null) {
            return new ConnectionFactory[] {http};
        }
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(door.certificates().context());
        tls.setNeedClientAuth(door.wantsClientCertificate());
        return new ConnectionFactory[] {new SslConnectionFactory(tls, http.getProtocol()), http};
    }

    /** Begins to listen. */
    public void start() throws Exception {
        server.start();
    }

    /** The port it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server did not stop", e);
        }
    }

    /** Blocking: metrics ask the state, which waits while a snapshot replaces it, and probes must be answered meanwhile. */
    private static final class Pages extends Handler.Abstract {
        private final NodeHealth health;
        private final NodeMetrics metrics;
        private final Setup setup;
        private final RpcPage rpc;

        private Pages(NodeHealth health, NodeMetrics metrics, Setup setup, RpcPage rpc) {
            this.health = health;
            this.metrics = metrics;
            this.setup = setup;
            this.rpc = rpc;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!OWN_PAGES.contains(Request.getPathInContext(request))) {
                rpc.handle(request, response, callback);
                return true;
            }
            if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
                response.getHeaders().put(new HttpField(HttpHeader.ALLOW, "GET, HEAD"));
                answer(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, TEXT, "only GET\n");
                return true;
            }
            switch (Request.getPathInContext(request)) {
                case "/healthz" -> answer(response, callback, HttpStatus.OK_200, TEXT, "ok\n");
                case "/readyz", "/health" -> answerReady(response, callback);
                case "/metrics" -> answerMetrics(request, response, callback);
                default -> throw new IllegalStateException("a page without an answer");
            }
            return true;
        }

        private void answerMetrics(Request request, Response response, Callback callback) {
            try {
                boolean isNamed = mayNameNamespaces(request);
                String page = isNamed ? metrics.scrape() + metrics.scrapeNamespaces() : metrics.scrape();
                answer(response, callback, HttpStatus.OK_200, PROMETHEUS, page);
            } catch (ServiceException e) {
                int status = HttpStatus.FORBIDDEN_403;
                if (e.kind() != ErrorKind.PERMISSION_DENIED) {
                    status = HttpStatus.UNAUTHORIZED_401;
                    response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
                }
                answer(response, callback, status, TEXT, e.text() + "\n");
            } catch (LogException e) {
                answer(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, TEXT, "the state is not open yet\n");
            }
        }

        /** Refuses whoever may not read the metrics; the names of namespaces are for those who may read all of them. */
        private boolean mayNameNamespaces(Request request) {
            String shown = request.getHeaders().get(HttpHeader.AUTHORIZATION);
            AccessPolicy policy = setup.policy();
            if (shown == null && setup.areMetricsOpen() && !policy.equals(AccessPolicy.OPEN)) {
                return false;
            }
            Trace trace = Trace.parse(request.getHeaders().get("traceparent"));
            var arrival = new AccessPolicy.Arrival(
                    AccessRules.METRICS, shown, Request.getRemoteAddr(request), trace == null ? Trace.NONE : trace);
            var caller = new Caller(policy.admit(arrival), Caller.Hop.FREE, Long.MAX_VALUE);
            return policy.permits(caller, Role.READER, Grant.EVERYWHERE);
        }

        private void answerReady(Response response, Callback callback) {
            String reason = health.whyNotReady();
            if (reason == null) {
                answer(response, callback, HttpStatus.OK_200, TEXT, "ok\n");
            } else {
                answer(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, TEXT, "not ready: " + reason + "\n");
            }
        }

        private static void answer(Response response, Callback callback, int status, String type, String body) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            response.write(true, StandardCharsets.UTF_8.encode(body), callback);
        }
    }
}
