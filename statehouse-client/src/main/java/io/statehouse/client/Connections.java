package io.statehouse.client;

import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection per endpoint, opened at first use and kept. */
final class Connections implements AutoCloseable {
    private static final long CLOSE_SECONDS_MAX = 5;
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final ConcurrentHashMap<Endpoint, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final Access access;
    private final int answerBytesMax;
    private final @Nullable Executor callbacks;
    private final Transport transport;
    private final @Nullable EventLoops loops;
    private volatile boolean closed;

    /** With null, gRPC's own pool runs the callbacks: a thread for each that is busy. */
    Connections(ClientOptions options, @Nullable Executor callbacks) {
        this.access = options.access();
        this.answerBytesMax = options.answerBytesMax();
        this.transport = options.transport();
        this.loops = transport == Transport.OWN_THREADS ? EventLoops.start() : null;
        this.callbacks = callbacks;
    }

    /**
     * The connection to an endpoint, ready to be tried now.
     *
     * <p>After a failed connect gRPC waits about a second before it connects again, and refuses calls meanwhile; a node
     * that came back within that second would look dead. So a failed connection starts anew with the next try, and how
     * often that happens is the retry policy's business alone.
     */
    ManagedChannel to(Endpoint endpoint) {
        ManagedChannel channel = channels.computeIfAbsent(endpoint, this::open);
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.enterIdle();
        }
        return channel;
    }

    /** Closes the connection to an endpoint nobody configured, once its running calls have ended. */
    void drop(Endpoint endpoint) {
        ManagedChannel channel = channels.remove(endpoint);
        if (channel != null) {
            channel.shutdown();
        }
    }

    int open() {
        return channels.size();
    }

    private ManagedChannel open(Endpoint endpoint) {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        return channel(endpoint)
                .maxInboundMessageSize(answerBytesMax)
                // Every try is ours: counted, reported, and sent with the transaction id of the first.
                .disableRetry()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers(access.token())))
                // Given null, gRPC takes its own.
                .executor(callbacks)
                .build();
    }

    private ManagedChannelBuilder<?> channel(Endpoint endpoint) {
        return switch (transport) {
            case SHARED_THREADS ->
                Grpc.newChannelBuilderForAddress(endpoint.host(), endpoint.port(), credentials(access.tls()));
            case OWN_THREADS -> Objects.requireNonNull(loops).channel(endpoint, credentials(access.tls()));
            // An embedded node goes by the name that its address is.
            case IN_PROCESS -> InProcessChannelBuilder.forName(endpoint.toString());
        };
    }

    private static Metadata headers(@Nullable String token) {
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(AUTHORIZATION, "Bearer " + token);
        }
        return headers;
    }

    private static ChannelCredentials credentials(@Nullable Tls tls) {
        if (tls == null) {
            return InsecureChannelCredentials.create();
        }
        var credentials = TlsChannelCredentials.newBuilder();
        try {
            Path authorities = tls.authorities();
            if (authorities != null) {
                credentials.trustManager(authorities.toFile());
            }
            Path certificate = tls.certificate();
            Path key = tls.key();
            if (certificate != null && key != null) {
                credentials.keyManager(certificate.toFile(), key.toFile());
            }
            return credentials.build();
        } catch (IOException e) {
            throw new IllegalArgumentException("a certificate or key cannot be read: " + e, e);
        }
    }

    /** Ends running calls and waits until every connection is gone. */
    @Override
    public void close() {
        closed = true;
        var open = channels.values().stream().toList();
        open.forEach(ManagedChannel::shutdownNow);
        try {
            awaitEnd(open, System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS_MAX));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (loops != null) {
                loops.shutdown();
            }
        }
    }

    private void awaitEnd(List<ManagedChannel> open, long deadlineNanos) throws InterruptedException {
        for (ManagedChannel channel : open) {
            if (!channel.awaitTermination(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
        if (loops != null) {
            loops.shutdown();
            loops.awaitTermination(deadlineNanos - System.nanoTime());
        }
    }
}
