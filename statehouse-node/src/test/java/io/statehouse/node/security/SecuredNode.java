package io.statehouse.node.security;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.statehouse.node.TestNode;
import io.statehouse.node.config.Setting;
import io.statehouse.proto.v1.AccessGrant;
import io.statehouse.proto.v1.AccessRole;
import io.statehouse.proto.v1.AccessServiceGrpc;
import io.statehouse.proto.v1.CreateTokenRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A node that asks for tokens, and callers that show them. */
final class SecuredNode implements AutoCloseable {
    static final String BOOTSTRAP = "0123456789abcdef0123456789abcdef";

    private static final long SECONDS_MAX = 30;

    private final TestNode node;
    private final ManagedChannel channel;

    SecuredNode() {
        node = TestNode.start(
                Map.of(Setting.AUTH, "true", Setting.AUTH_BOOTSTRAP, BOOTSTRAP, Setting.GRPC_REFLECTION, "true"));
        channel = NettyChannelBuilder.forTarget(node.address()).usePlaintext().build();
    }

    int httpPort() {
        return node.httpPort();
    }

    /** A channel that shows a token; an empty one shows none. */
    Channel as(String token) {
        Metadata headers = new Metadata();
        if (!token.isEmpty()) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** Makes a token, and returns it. */
    String token(String by, String name, AccessRole role, String namespace) {
        String secret = UUID.randomUUID().toString();
        var unused = AccessServiceGrpc.newBlockingStub(as(by))
                .createToken(CreateTokenRequest.newBuilder()
                        .setName(name)
                        .setSecretSha256(TokenText.sha256(secret))
                        .addGrants(AccessGrant.newBuilder().setRole(role).setNamespace(namespace))
                        .setTxnId(UUID.randomUUID().toString())
                        .build());
        return "sh1." + name + "." + secret;
    }

    /** How a call ends, or, where it answers more than once, how it begins. */
    Status.Code call(String token, MethodDescriptor<?, ?> method, byte[] request) {
        MethodDescriptor<byte[], byte[]> raw = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setFullMethodName(method.getFullMethodName())
                .setType(
                        method.getType() == MethodDescriptor.MethodType.UNARY
                                ? MethodDescriptor.MethodType.UNARY
                                : MethodDescriptor.MethodType.SERVER_STREAMING)
                .build();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(SECONDS_MAX, TimeUnit.SECONDS);
        Context.CancellableContext call = Context.current().withCancellation();
        Context before = call.attach();
        try {
            Iterator<byte[]> answers = ClientCalls.blockingServerStreamingCall(as(token), raw, options, request);
            if (answers.hasNext()) {
                byte[] first = answers.next();
                return WireCalls.errorIn(method, first).equals("PERMISSION_DENIED")
                        ? Status.Code.PERMISSION_DENIED
                        : Status.Code.OK;
            }
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        } finally {
            // What goes on for ever, as a watch does, would keep the node busy for all the calls that follow.
            call.detach(before);
            call.cancel(null);
        }
    }

    TestNode node() {
        return node;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        node.close();
    }

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
}
