package io.statehouse.raft.disk;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.Member;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.raft.disk.SealedLines.UnreadableException;
import io.statehouse.raft.tls.MemberTls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Server;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.apache.ratis.util.NetUtils;
import org.jspecify.annotations.Nullable;

/**
 * The question "who are you?" between members, on the Raft port.
 *
 * <p>It must be answered before Ratis runs, because Ratis is not to run before everybody has answered. So a forming
 * node holds the Raft port itself and gives it free for Ratis, whose server then carries the same service. In between
 * nobody answers, and a peer that asks then asks again.
 */
final class IdentityLink implements IdentityProbe {
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);

    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final Duration PORT_FREE_TIMEOUT = Duration.ofSeconds(5);

    private static final MethodDescriptor<byte[], byte[]> WHO = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName("statehouse.raft.Identity", "Who"))
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private final MemberTls tls;

    IdentityLink(MemberTls tls) {
        this.tls = tls;
    }

    /** Bytes as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Answers with what the supplier says at the moment of the question. */
    static ServerServiceDefinition service(Supplier<byte[]> answer) {
        return ServerServiceDefinition.builder(MethodDescriptor.extractFullServiceName(WHO.getFullMethodName()))
                .addMethod(WHO, ServerCalls.asyncUnaryCall((request, reply) -> {
                    reply.onNext(answer.get());
                    reply.onCompleted();
                }))
                .build();
    }

    /** The Raft port while this node forms. */
    static final class FormingPort implements AutoCloseable {
        private final Server server;

        private FormingPort(Server server) {
            this.server = server;
        }

        static FormingPort open(Member self, MemberTls tls, Supplier<byte[]> answer) {
            InetSocketAddress address = NetUtils.createSocketAddr(self.raftAddress());
            try {
                return new FormingPort(tls.server(address)
                        .maxInboundMessageSize(ANSWER_BYTES_MAX)
                        .addService(service(answer))
                        .build()
                        .start());
            } catch (IOException e) {
                throw new StartRefusedException(
                        ExitCode.ALREADY_RUNNING,
                        "cannot listen on the Raft address " + self.raftAddress() + " of " + self.id()
                                + ": is another process using the port?",
                        e);
            }
        }

        int number() {
            return server.getPort();
        }

        @Override
        public void close() {
            server.shutdownNow();
            try {
                if (!server.awaitTermination(PORT_FREE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new StartRefusedException(
                            ExitCode.ALREADY_RUNNING,
                            "the Raft port was not given free within " + PORT_FREE_TIMEOUT.toSeconds() + " s");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public IdentityText.@Nullable Answer ask(Member peer) {
        InetSocketAddress address = NetUtils.createSocketAddr(peer.raftAddress());
        // A channel of its own for every question: a kept one would back off for longer and longer while the peer
        // is down.
        ManagedChannel channel =
                tls.channel(address).maxInboundMessageSize(ANSWER_BYTES_MAX).build();
        try {
            CallOptions options =
                    CallOptions.DEFAULT.withDeadlineAfter(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return IdentityText.decode(ClientCalls.blockingUnaryCall(channel, WHO, options, new byte[0]));
        } catch (StatusRuntimeException e) {
            return null;
        } catch (UnreadableException e) {
            throw new StartRefusedException(
                    ExitCode.IDENTITY_REFUSED,
                    "the answer of " + peer.id() + " at " + peer.raftAddress() + " to who it is cannot be read: "
                            + e.getMessage() + "; are all members of the same release?",
                    e);
        } finally {
            channel.shutdownNow();
        }
    }
}
