package io.statehouse.node.grpc;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The services of an embedded node for clients in its own JVM, who reach it by the name that its address is.
 *
 * <p>Messages are handed over as they are. Whoever runs in the JVM reaches it without TLS, so a daemon, which may run the
 * reducers of others, has none.
 */
final class InProcessServer implements AutoCloseable {
    private final Server server;

    private InProcessServer(Server server) {
        this.server = server;
    }

    static InProcessServer start(String address, List<ServerServiceDefinition> services, Executor executor)
            throws IOException {
        var server = InProcessServerBuilder.forName(address).executor(executor).addServices(services);
        return new InProcessServer(server.build().start());
    }

    void shutdown() {
        server.shutdown();
    }

    boolean awaitTermination(long nanosMax) throws InterruptedException {
        return server.awaitTermination(nanosMax, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
