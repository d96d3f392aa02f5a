package io.statehouse.cluster.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import io.statehouse.client.Json;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.Certificates;
import io.statehouse.cluster.Ground;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes that speak TLS to each other and to callers, each with a certificate of its own. */
class RaftTlsCase {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String WHO = "statehouse.raft.Identity/Who";
    private static final String VOTE = "ratis.grpc.RaftServerProtocolService/requestVote";
    private static final byte[] NOTHING = new byte[0];

    @TempDir
    private static Path directory;

    private static Certificates ours;
    private static Certificates theirs;
    private static ProcessCluster cluster;

    @BeforeAll
    static void start() {
        ours = Certificates.in(directory.resolve("ours")).client("ada");
        theirs = Certificates.in(directory.resolve("theirs")).node("n1");
        for (int node = 1; node <= ProcessCluster.SIZE; node++) {
            ours.node("n" + node);
        }
        cluster = ProcessCluster.start(directory.resolve("cluster"), Map.of(), new Ground() {
            @Override
            public Map<String, String> environment(int node) {
                Map<String, String> settings = new HashMap<>(ours.api("n" + node));
                settings.putAll(ours.raft("n" + node));
                settings.put("STATEHOUSE_TLS_CLIENT_AUTH", "true");
                return settings;
            }
        });
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void membersFormElectReplicateForwardAndReadThroughFollowers() {
        NodeProcess follower = cluster.awaitFollower();

        try (var client = cluster.clientOf(follower)) {
            client.put("ada", "plan", Json.of("agreed"));

            assertThat(client.get("ada", "plan")).isNotNull();
        }
    }

    @Test
    void aNodeThatWasKilledComesBackWithTheCertificateThatItsFileHoldsNow() {
        cluster.awaitReady();
        NodeProcess node = cluster.awaitFollower();
        node.kill();
        ours.node(node.id());
        node.start(false);
        cluster.awaitReady();

        try (var client = cluster.clientOf(node)) {
            client.put("ada", "plan", Json.of("again"));
        }
        cluster.awaitCaughtUp();
    }

    @Test
    void theRaftPortAnswersNobodyButNodes() {
        Await.until(
                "a node is answered",
                SOON,
                () -> call(WHO, NOTHING, shown(ours, "n2")).isOk());

        assertThat(call(WHO, NOTHING, InsecureChannelCredentials.create()).getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(call(WHO, NOTHING, nothingShown()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(call(WHO, NOTHING, shown(theirs, "n1")).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(call(WHO, NOTHING, shown(ours, "ada")).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void aNodeCannotSpeakForAnother() {
        byte[] ofN3 = envelope("n3", "n1");

        assertThat(call(VOTE, ofN3, shown(ours, "n2")).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        // What it is answered does not matter: there is no such group. It was let in.
        assertThat(call(VOTE, ofN3, shown(ours, "n3")).getCode()).isNotEqualTo(Status.Code.PERMISSION_DENIED);
    }

    /** A message of Raft that says no more than who sends it, and to whom. */
    private static byte[] envelope(String from, String to) {
        return field(1, field(1, from), field(2, to));
    }

    private static byte[] field(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] field(int number, byte[]... parts) {
        var inner = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            inner.writeBytes(part);
        }
        var bytes = new ByteArrayOutputStream();
        try {
            var output = CodedOutputStream.newInstance(bytes);
            output.writeBytes(number, ByteString.copyFrom(inner.toByteArray()));
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static ChannelCredentials nothingShown() {
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(ours.authority().toFile())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ChannelCredentials shown(Certificates by, String name) {
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(ours.authority().toFile())
                    .keyManager(by.certificate(name).toFile(), by.key(name).toFile())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How a call to the Raft port of n1 ends. */
    private static Status call(String method, byte[] request, ChannelCredentials credentials) {
        var channel = Grpc.newChannelBuilder(cluster.node("n1").raftAddress(), credentials)
                .build();
        try {
            var options = CallOptions.DEFAULT.withDeadlineAfter(SOON.toSeconds(), TimeUnit.SECONDS);
            var bytes = new Bytes();
            var descriptor = MethodDescriptor.newBuilder(bytes, bytes)
                    .setFullMethodName(method)
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .build();
            ClientCalls.blockingUnaryCall(channel, descriptor, options, request);
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        } finally {
            channel.shutdownNow();
        }
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
