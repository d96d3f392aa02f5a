package io.statehouse.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client finds the cluster and how patient it is. Start from {@link #of} or {@link #fromEnvironment} and change it
 * with the methods named like the parts.
 *
 * @param endpoints where nodes are reached, each {@code host:port}; one is enough, all are better
 * @param namespace the namespace of every call that names none
 * @param actor who commits, where a commit does not say; "" = not said
 * @param callTimeout the time a call has, all its tries together; longer for a stream, which starts it anew with every event
 * @param tryTimeout the time one try at one endpoint has, so that a silent node does not eat the whole call
 * @param streamIdleTimeout how long a replay waits for its next event before it turns to another node
 * @param pageSize names per page of a listing, 1 to 1000
 * @param answerBytesMax the largest answer the client takes, in bytes
 * @param retry how it waits between tries
 * @param observer hears of every try and call
 * @param access how the connections are protected and who calls
 * @param transport what carries the calls
 */
public record ClientOptions(
        List<String> endpoints,
        String namespace,
        String actor,
        Duration callTimeout,
        Duration tryTimeout,
        Duration streamIdleTimeout,
        int pageSize,
        int answerBytesMax,
        RetryPolicy retry,
        CallObserver observer,
        Access access,
        Transport transport) {
    /** Where a client looks when nothing else is said. */
    public static final String ENDPOINT_DEFAULT = "localhost:" + Endpoint.PORT_DEFAULT;

    /** The namespace of a client that names none. */
    public static final String NAMESPACE_DEFAULT = "default";

    /** The most endpoints a client takes. */
    public static final int ENDPOINTS_MAX = 64;

    private static final ClientOptions DEFAULT = new ClientOptions(
            List.of(ENDPOINT_DEFAULT),
            NAMESPACE_DEFAULT,
            "",
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            500,
            64 << 20,
            RetryPolicy.DEFAULT,
            CallObserver.NONE,
            Access.OPEN,
            Transport.SHARED_THREADS);

    private static final List<String> ADDRESS_VARIABLES =
            List.of("STATEHOUSE_ADDRESS", "STATEHOUSE_ADDR", "STATEHOUSE_URL");

    /** Checks every part and brings the endpoints into the form {@code host:port}. */
    public ClientOptions {
        endpoints = Endpoint.parseList(String.join(",", endpoints)).stream()
                .map(Endpoint::toString)
                .toList();
        if (endpoints.isEmpty() || endpoints.size() > ENDPOINTS_MAX) {
            throw new IllegalArgumentException("a client needs 1 to " + ENDPOINTS_MAX + " endpoints");
        }
        if (namespace.isEmpty()) {
            throw new IllegalArgumentException("namespace is empty");
        }
        requirePositive(callTimeout, "callTimeout");
        requirePositive(tryTimeout, "tryTimeout");
        requirePositive(streamIdleTimeout, "streamIdleTimeout");
        if (pageSize < 1 || pageSize > Range.PAGE_SIZE_MAX) {
            throw new IllegalArgumentException("pageSize is " + pageSize + "; it must be 1 to " + Range.PAGE_SIZE_MAX);
        }
        if (answerBytesMax < 1) {
            throw new IllegalArgumentException("answerBytesMax is " + answerBytesMax + "; it must be positive");
        }
    }

    /** The defaults, for these endpoints: {@code host:port}, several separated by commas; the port defaults to 50051. */
    public static ClientOptions of(String endpoints) {
        return DEFAULT.endpoints(List.of(endpoints));
    }

    /**
     * The defaults, changed by the variables that are set and not blank: {@code STATEHOUSE_ADDRESS},
     * {@code STATEHOUSE_ADDR} or {@code STATEHOUSE_URL} (the first of them that is set; {@code host:port}, several
     * separated by commas), {@code STATEHOUSE_NAMESPACE}, {@code STATEHOUSE_TIMEOUT} (seconds, decimals allowed), and those
     * of {@link Access#fromEnvironment}.
     *
     * @param environment the variables, such as {@code System.getenv()}
     * @throws IllegalArgumentException if one of them cannot be read; the message names it
     */
    public static ClientOptions fromEnvironment(Map<String, String> environment) {
        ClientOptions options = DEFAULT.access(Access.fromEnvironment(environment));
        for (String variable : ADDRESS_VARIABLES) {
            String address = present(environment, variable);
            if (address != null) {
                options = options.endpoints(List.of(address));
                break;
            }
        }
        String namespace = present(environment, "STATEHOUSE_NAMESPACE");
        if (namespace != null) {
            options = options.namespace(namespace);
        }
        String timeout = present(environment, "STATEHOUSE_TIMEOUT");
        return timeout == null ? options : options.callTimeout(seconds(timeout));
    }

    /** With other endpoints. */
    public ClientOptions endpoints(List<String> hostsAndPorts) {
        return new ClientOptions(
                hostsAndPorts,
                namespace,
                actor,
                callTimeout,
                tryTimeout,
                streamIdleTimeout,
                pageSize,
                answerBytesMax,
                retry,
                observer,
                access,
                transport);
    }

    /** With another namespace. */
    public ClientOptions namespace(String name) {
        return new ClientOptions(
                endpoints,
                name,
                actor,
                callTimeout,
                tryTimeout,
                streamIdleTimeout,
                pageSize,
                answerBytesMax,
                retry,
                observer,
                access,
                transport);
    }

    /** With another actor. */
    public ClientOptions actor(String name) {
        return new ClientOptions(
                endpoints,
                namespace,
                name,
                callTimeout,
                tryTimeout,
                streamIdleTimeout,
                pageSize,
                answerBytesMax,
                retry,
                observer,
                access,
                transport);
    }

    /** With another time for a whole call. */
    public ClientOptions callTimeout(Duration time) {
        return new ClientOptions(
                endpoints,
                namespace,
                actor,
                time,
                tryTimeout,
                streamIdleTimeout,
                pageSize,
                answerBytesMax,
                retry,
                observer,
                access,
                transport);
    }

    /** With another time for one try. */
    public ClientOptions tryTimeout(Duration time) {
        return new ClientOptions(
                endpoints,
                namespace,
                actor,
                callTimeout,
                time,
                streamIdleTimeout,
                pageSize,
                answerBytesMax,
                retry,
                observer,
                access,
                transport);
    }

    /** With another longest wait for a replay's next event. */
    public ClientOptions streamIdleTimeout(Duration time) {
        return new ClientOptions(
                endpoints,
                namespace,
                actor,
                callTimeout,
                tryTimeout,
                time,
                pageSize,
                answerBytesMax,
                retry,
                observer,
                access,
                transport);
    }

    /** With pages of another size. */
    public ClientOptions pageSize(int names) {
        return new ClientOptions(
                endpoints,
                namespace,
                actor,
                callTimeout,
                tryTimeout,
                streamIdleTimeout,
                names,
                answerBytesMax,
                retry,
                observer,
                access,
                transport);
    }

    /** With another largest answer. */
    public ClientOptions answerBytesMax(int bytes) {
        return new ClientOptions(
                endpoints,
                namespace,
                actor,
                callTimeout,
                tryTimeout,
                streamIdleTimeout,
                pageSize,
                bytes,
                retry,
                observer,
                access,
                transport);
    }

    /** With other waits between tries. */
    public ClientOptions retry(RetryPolicy policy) {
        return new ClientOptions(
                endpoints,
                namespace,
                actor,
                callTimeout,
                tryTimeout,
                streamIdleTimeout,
                pageSize,
                answerBytesMax,
                policy,
                observer,
                access,
                transport);
    }

    /** With another observer. */
    public ClientOptions observer(CallObserver listener) {
        return new ClientOptions(
                endpoints,
                namespace,
                actor,
                callTimeout,
                tryTimeout,
                streamIdleTimeout,
                pageSize,
                answerBytesMax,
                retry,
                listener,
                access,
                transport);
    }

    /** With other access. */
    public ClientOptions access(Access given) {
        return new ClientOptions(
                endpoints,
                namespace,
                actor,
                callTimeout,
                tryTimeout,
                streamIdleTimeout,
                pageSize,
                answerBytesMax,
                retry,
                observer,
                given,
                transport);
    }

    /** With another transport. */
    public ClientOptions transport(Transport carrier) {
        return new ClientOptions(
                endpoints,
                namespace,
                actor,
                callTimeout,
                tryTimeout,
                streamIdleTimeout,
                pageSize,
                answerBytesMax,
                retry,
                observer,
                access,
                carrier);
    }

    List<Endpoint> parsedEndpoints() {
        return endpoints.stream().map(Endpoint::parse).toList();
    }

    private static void requirePositive(Duration time, String name) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(name + " is " + time + "; it must be positive");
        }
    }

    static @Nullable String present(Map<String, String> environment, String variable) {
        String value = environment.get(variable);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static Duration seconds(String text) {
        try {
            return Duration.ofNanos(
                    new java.math.BigDecimal(text).movePointRight(9).longValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("STATEHOUSE_TIMEOUT is '" + text + "'; it must be seconds", e);
        }
    }
}
