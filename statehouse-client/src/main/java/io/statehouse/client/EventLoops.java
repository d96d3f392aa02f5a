package io.statehouse.client;

import io.grpc.ChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Threads that read and write the sockets of one client, and end with it.
 *
 * <p>For processes that exit with their client: a JVM waits 300 ms for a thread that waits for a socket (HotSpot, {@code
 * VM_Exit::wait_for_threads_in_native_to_block}), and gRPC's shared ones do so for a second after the last channel is gone.
 */
final class EventLoops {
    private static final String THREADS = "statehouse-client-io";

    /** A connection is served by one, and a process of this kind has few. */
    private static final int THREADS_MAX = 2;

    private final EventLoopGroup group;
    private final Class<? extends Channel> sockets;

    private EventLoops(EventLoopGroup group, Class<? extends Channel> sockets) {
        this.group = group;
        this.sockets = sockets;
    }

    static EventLoops start() {
        var threads = new DefaultThreadFactory(THREADS, true);
        return Epoll.isAvailable()
                ? new EventLoops(
                        new MultiThreadIoEventLoopGroup(THREADS_MAX, threads, EpollIoHandler.newFactory()),
                        EpollSocketChannel.class)
                : new EventLoops(
                        new MultiThreadIoEventLoopGroup(THREADS_MAX, threads, NioIoHandler.newFactory()),
                        NioSocketChannel.class);
    }

    NettyChannelBuilder channel(Endpoint endpoint, ChannelCredentials credentials) {
        return NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port(), credentials)
                .eventLoopGroup(group)
                .channelType(sockets);
    }

    /** Asks them to end, when their connections are gone. */
    void shutdown() {
        var unused = group.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    }

    /** Waits until they have. */
    void awaitTermination(long nanosMax) throws InterruptedException {
        boolean unused = group.awaitTermination(nanosMax, TimeUnit.NANOSECONDS);
    }
}
