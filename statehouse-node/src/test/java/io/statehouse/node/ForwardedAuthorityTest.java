package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.statehouse.node.config.Setting;
import io.statehouse.proto.v1.AccessGrant;
import io.statehouse.proto.v1.AccessRole;
import io.statehouse.proto.v1.AccessServiceGrpc;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CreateTokenRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers may do through a node that only forwards. */
class ForwardedAuthorityTest {
    private static final String BOOTSTRAP = "0123456789abcdef0123456789abcdef";
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private TestCluster cluster;
    private ManagedChannel follower;
    private ManagedChannel leader;

    @BeforeEach
    void start() {
        cluster = TestCluster.start(directory, Map.of(Setting.AUTH, "true", Setting.AUTH_BOOTSTRAP, BOOTSTRAP));
        follower = channel(cluster.followers().get(0));
        leader = channel(cluster.leader());
    }

    @AfterEach
    void stop() {
        follower.shutdownNow();
        leader.shutdownNow();
        cluster.close();
    }

    private static ManagedChannel channel(TestNode node) {
        return NettyChannelBuilder.forTarget(node.address()).usePlaintext().build();
    }

    private static Channel with(Channel channel, String header, String text) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), text);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Channel as(Channel channel, String token) {
        return with(channel, "authorization", "Bearer " + token);
    }

    private String token(String name, AccessRole role) throws Exception {
        String secret = UUID.randomUUID().toString();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        // Through the follower: the bootstrap secret goes along too.
        var unused = AccessServiceGrpc.newBlockingStub(as(follower, BOOTSTRAP))
                .createToken(CreateTokenRequest.newBuilder()
                        .setName(name)
                        .setSecretSha256(HexFormat.of().formatHex(hash))
                        .addGrants(AccessGrant.newBuilder().setRole(role).setNamespace("own"))
                        .setTxnId(UUID.randomUUID().toString())
                        .build());
        return "sh1." + name + "." + secret;
    }

    private static Status.Code commit(Channel channel) {
        try {
            var unused = StatehouseServiceGrpc.newBlockingStub(channel)
                    .commit(CommitRequest.newBuilder()
                            .setTxnId(UUID.randomUUID().toString())
                            .setTransaction(Transaction.newBuilder()
                                    .addOperations(TransactionOperation.newBuilder()
                                            .setNamespace("own")
                                            .setAgentId("ada")
                                            .setKey("k")
                                            .setJson(ByteString.copyFromUtf8("1"))))
                            .build());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    @Test
    void aWriterWritesThroughAFollowerAndAReaderDoesNot() throws Exception {
        String writer = token("writer", AccessRole.ACCESS_ROLE_WRITER);
        String reader = token("reader", AccessRole.ACCESS_ROLE_READER);

        // The follower hears of a token when it applies it.
        await().atMost(SOON).until(() -> commit(as(follower, writer)) == Status.Code.OK);
        await().atMost(SOON).until(() -> commit(as(follower, reader)) == Status.Code.PERMISSION_DENIED);
    }

    @Test
    void sayingThatACallWasForwardedGivesNoAuthority() throws Exception {
        String reader = token("reader", AccessRole.ACCESS_ROLE_READER);

        assertThat(commit(with(leader, "statehouse-forwarded", "n2"))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(commit(with(as(leader, reader), "statehouse-forwarded", "n2")))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> AccessServiceGrpc.newBlockingStub(with(leader, "statehouse-forwarded", "n2"))
                        .createToken(CreateTokenRequest.getDefaultInstance()));
    }
}
