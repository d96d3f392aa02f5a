package io.statehouse.raft.tls;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.ratis.thirdparty.io.grpc.Context;
import org.apache.ratis.thirdparty.io.grpc.Contexts;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call in only if the caller's certificate names a node, and remembers which: an authority may vouch for callers of
 * the API too, and those are nobody here.
 */
public final class NodeCheck implements ServerInterceptor {
    /** What a certificate calls its node, as a URI among its alternative names; the node's id follows. */
    static final String NODE_URI = "urn:statehouse:node:";

    private static final Context.Key<Set<String>> NODES = Context.key("statehouse-nodes");
    private static final int KIND_URI = 6;

    /** Which nodes the caller of this moment has proved to be; null = callers prove nothing here. */
    public static @Nullable Set<String> nodes() {
        return NODES.get();
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Set<String> nodes = nodesOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        if (nodes.isEmpty()) {
            call.close(
                    Status.PERMISSION_DENIED.withDescription(
                            "the caller's certificate names no node: it has no URI:" + NODE_URI + "ID"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(NODES, nodes), call, headers, next);
    }

    private static Set<String> nodesOf(@Nullable SSLSession session) {
        try {
            Certificate[] shown = session == null ? new Certificate[0] : session.getPeerCertificates();
            return shown.length > 0 && shown[0] instanceof X509Certificate certificate
                    ? nodesOf(certificate)
                    : Set.of();
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return Set.of();
        }
    }

    private static Set<String> nodesOf(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
                ? Set.of()
                : names.stream()
                        .filter(name -> Integer.valueOf(KIND_URI).equals(name.get(0)))
                        .map(name -> String.valueOf(name.get(1)))
                        .filter(uri -> uri.startsWith(NODE_URI))
                        .map(uri -> uri.substring(NODE_URI.length()))
                        .collect(Collectors.toUnmodifiableSet());
    }
}
