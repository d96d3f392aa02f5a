package io.statehouse.node.http;

import io.statehouse.node.agent.AgentEngine;
import io.statehouse.node.service.AccessPolicy;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.ServiceException;
import io.statehouse.node.service.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** JSON-RPC over HTTP: POST to any path that is no page of its own. */
final class RpcPage {
    /** The largest body. */
    static final int BODY_BYTES_MAX = 10 << 20;

    /** All bodies under way together; more are asked to come back. */
    static final int BODIES_BYTES_MAX = 64 << 20;

    private static final int PART_BYTES = 64 << 10;
    private static final String JSON = "application/json; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PREFLIGHT_SECONDS = "600";

    private final AgentEngine engine;
    private final AccessPolicy policy;
    private final HttpServer.Rpc setup;
    private final Visitors visitors;
    private final Executor waiters;
    private final Semaphore bodyBytes = new Semaphore(BODIES_BYTES_MAX);
    private final Semaphore calls;

    RpcPage(HttpServer.Rpc setup) {
        this.engine = setup.engine();
        this.policy = setup.policy();
        this.setup = setup;
        this.visitors = new Visitors(setup.hosts(), setup.origins());
        this.waiters = setup.waiters();
        this.calls = new Semaphore(setup.callsMax());
    }

    void handle(Request request, Response response, Callback callback) {
        HttpFields headers = request.getHeaders();
        String host = headers.get(HttpHeader.HOST);
        String origin = headers.get(HttpHeader.ORIGIN);
        if (!visitors.isOurs(host)) {
            say(response, callback, HttpStatus.FORBIDDEN_403, "this node does not go by that Host (http.hosts)\n");
            return;
        }
        if (!visitors.isWelcome(origin, host)) {
            say(response, callback, HttpStatus.FORBIDDEN_403, "pages of that Origin may not call (http.origins)\n");
            return;
        }
        if (origin != null) {
            response.getHeaders().put("Access-Control-Allow-Origin", origin);
            response.getHeaders().put(HttpHeader.VARY, "Origin");
        }
        if (HttpMethod.OPTIONS.is(request.getMethod())) {
            preflight(response, callback);
            return;
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            response.getHeaders().put(new HttpField(HttpHeader.ALLOW, "POST, OPTIONS"));
            say(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "only POST\n");
            return;
        }
        if (!isJson(headers.get(HttpHeader.CONTENT_TYPE))) {
            say(response, callback, HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "only application/json\n");
            return;
        }
        take(request, response, callback);
    }

    /** Answers on a thread that may wait, if there is room for one more. */
    private void take(Request request, Response response, Callback callback) {
        long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        if (length > BODY_BYTES_MAX) {
            tooLarge(response, callback);
            return;
        }
        int taken = length < 0 ? BODY_BYTES_MAX + 1 : (int) length + 1;
        if (!calls.tryAcquire()) {
            busy(response, callback, "callsMax");
            return;
        }
        if (!bodyBytes.tryAcquire(taken)) {
            calls.release();
            busy(response, callback, "bodiesBytesMax");
            return;
        }
        waiters.execute(() -> {
            try {
                answer(request, response, callback);
            } finally {
                bodyBytes.release(taken);
                calls.release();
            }
        });
    }

    private static void busy(Response response, Callback callback, String limit) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        say(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, "this node has reached " + limit + "; try later\n");
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.strip().toLowerCase(Locale.ROOT).equals("application/json");
    }

    private static void preflight(Response response, Callback callback) {
        response.getHeaders().put("Access-Control-Allow-Methods", "POST");
        response.getHeaders().put("Access-Control-Allow-Headers", "content-type, authorization");
        response.getHeaders().put("Access-Control-Max-Age", PREFLIGHT_SECONDS);
        response.setStatus(HttpStatus.NO_CONTENT_204);
        callback.succeeded();
    }

    private void answer(Request request, Response response, Callback callback) {
        try {
            long deadline = System.nanoTime() + setup.callTimeout().toNanos();
            requireToken(request, deadline);
            byte[] body = read(request, deadline);
            if (body == null) {
                tooLarge(response, callback);
                return;
            }
            JsonRpc rpc = new JsonRpc(engine, namespace(request), setup.depthMax());
            JsonRpc.Reply reply = rpc.answer(body, callers(request, deadline));
            String text = reply.text();
            if (text == null) {
                response.setStatus(HttpStatus.NO_CONTENT_204);
                callback.succeeded();
                return;
            }
            send(response, callback, reply.isReadable() ? HttpStatus.OK_200 : HttpStatus.BAD_REQUEST_400, text);
        } catch (ServiceException e) {
            int status = e.kind() == ErrorKind.UNAUTHENTICATED ? HttpStatus.UNAUTHORIZED_401 : HttpStatus.FORBIDDEN_403;
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            say(response, callback, status, e.text() + "\n");
        } catch (SocketTimeoutException e) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            say(response, callback, HttpStatus.REQUEST_TIMEOUT_408, e.getMessage() + "\n");
        } catch (IOException | RuntimeException e) {
            callback.failed(e);
        }
    }

    /** Whoever has no token hears it before anything that is sent takes a place here. */
    private void requireToken(Request request, long deadline) {
        Caller unused = callers(request, deadline).apply(false);
    }

    private Function<Boolean, Caller> callers(Request request, long deadline) {
        Trace named = Trace.parse(request.getHeaders().get("traceparent"));
        Trace trace = named == null ? Trace.NONE : named;
        return mayWrite -> new Caller(
                policy.admit(new AccessPolicy.Arrival(
                        mayWrite ? "statehouse.v1.AgentService/Execute" : "statehouse.v1.AgentService/Query",
                        request.getHeaders().get(HttpHeader.AUTHORIZATION),
                        String.valueOf(request.getConnectionMetaData().getRemoteSocketAddress()),
                        trace)),
                Caller.Hop.FREE,
                deadline);
    }

    private static String namespace(Request request) {
        String named = request.getHeaders().get("Statehouse-Namespace");
        return named == null || named.isEmpty() ? "default" : named;
    }

    /** The body; null = it is too large. A caller who sends a byte now and then keeps its place no longer than a call may last. */
    private static byte @Nullable [] read(Request request, long deadlineNanos) throws IOException {
        var body = new ByteArrayOutputStream();
        byte[] part = new byte[PART_BYTES];
        try (InputStream input = Content.Source.asInputStream(request)) {
            for (int count = input.read(part); count >= 0; count = input.read(part)) {
                body.write(part, 0, count);
                if (body.size() > BODY_BYTES_MAX) {
                    return null;
                }
                if (System.nanoTime() > deadlineNanos) {
                    throw new SocketTimeoutException("the body did not come within the time of a call (call.timeout)");
                }
            }
        }
        return body.toByteArray();
    }

    private static void tooLarge(Response response, Callback callback) {
        // What is left of the body is not read, so the connection cannot be used again.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        say(
                response,
                callback,
                HttpStatus.PAYLOAD_TOO_LARGE_413,
                "a body has at most " + BODY_BYTES_MAX + " bytes (bodyBytesMax)\n");
    }

    private static void say(Response response, Callback callback, int status, String text) {
        write(response, callback, status, TEXT, text);
    }

    private static void send(Response response, Callback callback, int status, String json) {
        write(response, callback, status, JSON, json);
    }

    private static void write(Response response, Callback callback, int status, String type, String body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, StandardCharsets.UTF_8.encode(body), callback);
    }
}
