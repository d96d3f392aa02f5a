package io.statehouse.raft.tls;

import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ClientAuth;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;

/**
 * How members reach each other on the Raft port: by TLS in which both sides show a certificate, or openly.
 *
 * <p>Java's own TLS and not the native one that Ratis brings: only there certificates can change while a server runs.
 */
public final class MemberTls {
    /** Openly: for members that nobody else can reach. */
    public static final MemberTls NONE = new MemberTls(null);

    private static final String PROTOCOL = "TLSv1.3";

    private final @Nullable LiveCertificates certificates;

    private MemberTls(@Nullable LiveCertificates certificates) {
        this.certificates = certificates;
    }

    /**
     * With the certificates of these files; null = openly.
     *
     * @throws io.statehouse.raft.StartRefusedException when they cannot be used
     */
    public static MemberTls of(@Nullable TlsFiles files) {
        return files == null ? NONE : new MemberTls(LiveCertificates.of(files));
    }

    /** A connection to another member. */
    public NettyChannelBuilder channel(InetSocketAddress address) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address);
        LiveCertificates shown = certificates;
        if (shown == null) {
            return builder.usePlaintext();
        }
        try {
            return builder.sslContext(GrpcSslContexts.configure(
                            SslContextBuilder.forClient()
                                    .keyManager(shown.keyManager())
                                    .trustManager(shown.trustManager()),
                            SslProvider.JDK)
                    .protocols(PROTOCOL)
                    .build());
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no " + PROTOCOL, e);
        }
    }

    /** A server for other members that is not Ratis's. */
    public NettyServerBuilder server(InetSocketAddress address) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address);
        LiveCertificates shown = certificates;
        if (shown == null) {
            return builder;
        }
        try {
            return guard(builder.sslContext(GrpcSslContexts.configure(
                            SslContextBuilder.forServer(shown.keyManager())
                                    .trustManager(shown.trustManager())
                                    .clientAuth(ClientAuth.REQUIRE),
                            SslProvider.JDK)
                    .protocols(PROTOCOL)
                    .build()));
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no " + PROTOCOL, e);
        }
    }

    /** Has a server ask every caller which node it is; to be called last, since what is added last is asked first. */
    public NettyServerBuilder guard(NettyServerBuilder builder) {
        return certificates == null ? builder : builder.intercept(new NodeCheck());
    }

    /** Has Ratis do the same. */
    public void tell(Parameters parameters) {
        LiveCertificates shown = certificates;
        if (shown != null) {
            GrpcConfigKeys.TLS.setConf(
                    parameters,
                    GrpcTlsConfig.newBuilder()
                            .setMutualTls(true)
                            .setKeyManager(shown.keyManager())
                            .setTrustManager(shown.trustManager())
                            .setSslProvider(SslProvider.JDK)
                            .setProtocols(PROTOCOL)
                            .build());
        }
    }
}
