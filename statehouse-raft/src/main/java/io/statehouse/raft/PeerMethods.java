package io.statehouse.raft;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor.MethodType;

/**
 * What members ask each other on the Raft port beside Raft: bytes in, bytes out, on the gRPC that Ratis brings.
 *
 * <p>Each request begins with the id of the cluster, so that a member of another one is refused.
 */
final class PeerMethods {
    static final String SERVICE = "statehouse.raft.PeerLink";

    /** Cluster id → eight bytes: a log index that the leader has just confirmed. */
    static final MethodDescriptor<byte[], byte[]> READ_INDEX = method("ReadIndex", MethodType.UNARY);

    /** Cluster id → the frames of a checkpoint, as {@link SnapshotFrame} has them. */
    static final MethodDescriptor<byte[], byte[]> FETCH_SNAPSHOT = method("FetchSnapshot", MethodType.SERVER_STREAMING);

    /** Cluster id → eight bytes: the member's own clock, in milliseconds since 1970. */
    static final MethodDescriptor<byte[], byte[]> READ_CLOCK = method("ReadClock", MethodType.UNARY);

    /** Cluster id and the asking peer's id → eight bytes: 1 when it belongs to the cluster, 0 when not; the leader answers. */
    static final MethodDescriptor<byte[], byte[]> READ_MEMBERSHIP = method("ReadMembership", MethodType.UNARY);

    /** Cluster id → eight bytes: the highest feature level that the member knows. Those of earlier releases have no answer. */
    static final MethodDescriptor<byte[], byte[]> READ_FEATURE_LEVEL = method("ReadFeatureLevel", MethodType.UNARY);

    private static final int CLUSTER_ID_BYTES = 2 * Long.BYTES;

    private PeerMethods() {}

    static byte[] request(UUID clusterId) {
        return request(clusterId, "");
    }

    /** @param text what the method wants to know besides */
    static byte[] request(UUID clusterId, String text) {
        byte[] more = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(CLUSTER_ID_BYTES + more.length)
                .putLong(clusterId.getMostSignificantBits())
                .putLong(clusterId.getLeastSignificantBits())
                .put(more)
                .array();
    }

    static boolean isFrom(byte[] request, UUID clusterId) {
        return request.length >= CLUSTER_ID_BYTES
                && ByteBuffer.wrap(request, 0, CLUSTER_ID_BYTES).equals(ByteBuffer.wrap(request(clusterId)));
    }

    /** What a request says behind the cluster id. */
    static String text(byte[] request) {
        return new String(request, CLUSTER_ID_BYTES, request.length - CLUSTER_ID_BYTES, StandardCharsets.UTF_8);
    }

    static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static long number(byte[] reply) {
        return ByteBuffer.wrap(reply).getLong();
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        var bytes = new Bytes();
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setType(type)
                .build();
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
