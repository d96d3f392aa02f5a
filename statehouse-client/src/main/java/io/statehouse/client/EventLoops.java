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
 * The threads that read and write one client's sockets; they end with it.
 *
 * <p>Those that gRPC shares among all its channels end a second later, and a JVM that wants to exit meanwhile waits 300 ms for a
 * thread that waits for a socket (HotSpot, {@code VM_Exit::wait_for_threads_in_native_to_block}): half the time of a command.
 */
final class EventLoops {
    private static final String THREADS = "statehouse-client-io";

    private final EventLoopGroup group;
    private final Class<? extends Channel> sockets;

    private EventLoops(EventLoopGroup group, Class<? extends Channel> sockets) {
        this.group = group;
        this.sockets = sockets;
    }

    /** A thread starts with the first connection that it serves, and there are no more than processors. */
    static EventLoops start() {
        int most = Runtime.getRuntime().availableProcessors();
        var threads = new DefaultThreadFactory(THREADS, true);
        return Epoll.isAvailable()
                ? new EventLoops(
                        new MultiThreadIoEventLoopGroup(most, threads, EpollIoHandler.newFactory()),
                        EpollSocketChannel.class)
                : new EventLoops(
                        new MultiThreadIoEventLoopGroup(most, threads, NioIoHandler.newFactory()),
                        NioSocketChannel.class);
    }

    NettyChannelBuilder channel(Endpoint endpoint, ChannelCredentials credentials) {
        return NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port(), credentials)
                .eventLoopGroup(group)
                .channelType(sockets);
    }

    /** Ends them once their connections are gone, and waits for that. */
    void close(long nanosMax) throws InterruptedException {
        boolean unused =
                group.shutdownGracefully(0, nanosMax, TimeUnit.NANOSECONDS).await(nanosMax, TimeUnit.NANOSECONDS);
    }
}
