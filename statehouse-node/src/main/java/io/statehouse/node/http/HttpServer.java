package io.statehouse.node.http;

import io.statehouse.node.config.Address;
import io.statehouse.node.metrics.NodeMetrics;
import io.statehouse.node.security.ApiDoor;
import io.statehouse.node.service.NodeHealth;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

/** The HTTP port of a node: whether it lives, whether it is ready, and what it counts. */
public final class HttpServer implements AutoCloseable {
    private static final int THREADS_MAX = 16;
    private static final int HEADER_BYTES_MAX = 8 << 10;
    private static final int ACCEPT_QUEUE_MAX = 64;
    private static final Duration IDLE_MAX = Duration.ofSeconds(30);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Server server;
    private final ServerConnector connector;

    /** How the server is set up; without a door there is no TLS. */
    public record Setup(Address address, @Nullable ApiDoor door, Duration grace) {}

    /** A server that does not listen yet. */
    public HttpServer(Setup setup, NodeHealth health, NodeMetrics metrics) {
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
        server.setHandler(new Pages(health, metrics));
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

    private static final class Pages extends Handler.Abstract.NonBlocking {
        private final NodeHealth health;
        private final NodeMetrics metrics;

        private Pages(NodeHealth health, NodeMetrics metrics) {
            this.health = health;
            this.metrics = metrics;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
                response.getHeaders().put(new HttpField(HttpHeader.ALLOW, "GET, HEAD"));
                answer(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, TEXT, "only GET\n");
                return true;
            }
            switch (Request.getPathInContext(request)) {
                case "/healthz" -> answer(response, callback, HttpStatus.OK_200, TEXT, "ok\n");
                case "/readyz", "/health" -> answerReady(response, callback);
                case "/metrics" -> answer(response, callback, HttpStatus.OK_200, PROMETHEUS, metrics.scrape());
                default -> answer(response, callback, HttpStatus.NOT_FOUND_404, TEXT, "not found\n");
            }
            return true;
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
