package io.statehouse.client;

import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
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
    private final EventLoops loops = EventLoops.start();
    private volatile boolean closed;

    /** With null, gRPC's own pool runs the callbacks: a thread for each that is busy. */
    Connections(Access access, int answerBytesMax, @Nullable Executor callbacks) {
        this.access = access;
        this.answerBytesMax = answerBytesMax;
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
        // Given null, gRPC takes its own.
        return loops.channel(endpoint, credentials(access.tls()))
                .maxInboundMessageSize(answerBytesMax)
                // Every try is ours: counted, reported, and sent with the transaction id of the first.
                .disableRetry()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers(access.token())))
                .executor(callbacks)
                .build();
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
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS_MAX);
        try {
            for (ManagedChannel channel : open) {
                if (!channel.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
            }
            loops.close(Math.max(0, deadline - System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
