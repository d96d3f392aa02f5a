package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.statehouse.node.config.Setting;
import io.statehouse.proto.v1.AccessServiceGrpc;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.RevokeTokenRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.raft.Member;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.AccessToken;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens that change between the question whether a call may be made and the call itself. */
class TokenRaceTest {
    private static final String OWN = "own";
    private static final String SECRET = "0123456789abcdef";

    private MeddlingLog log;
    private TestNode node;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        log = new MeddlingLog(SoloLog.open(
                new Member("n1", "127.0.0.1:1", "127.0.0.1:1"),
                StateMachine.open(new TreeStore(), Limits.DEFAULT),
                Clock.systemUTC(),
                new SplittableRandom(1)));
        var config = TestNode.config(
                Map.of(Setting.AUTH, "true", Setting.AUTH_BOOTSTRAP, "0123456789abcdef0123456789abcdef"));
        node = TestNode.start(new StatehouseNode(config, log, BuildInfo.read()));
        channel = NettyChannelBuilder.forTarget(node.address()).usePlaintext().build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        node.close();
    }

    @Test
    void aTokenThatIsRevokedWhileItsReadWaitsReadsNothing() {
        log.propose(create("ada", SECRET, Role.READER, OWN)).join();
        log.commitDuringTheNextWait(revoke("ada"));

        StatusRuntimeException end = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> as("ada", StatehouseServiceGrpc.newBlockingStub(channel))
                        .getState(GetStateRequest.newBuilder()
                                .setNamespace(OWN)
                                .setAgentId("ada")
                                .setKey("k")
                                .build()));

        assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void aRevocationDoesNotHitATokenThatGotTheNameMeanwhile() {
        log.propose(create("admin", SECRET, Role.ADMIN, OWN)).join();
        log.propose(create("victim", SECRET, Role.READER, OWN)).join();
        log.commitBeforeTheNext(revoke("victim"), create("victim", "another", Role.READER, "foreign"));

        var unused = as("admin", AccessServiceGrpc.newBlockingStub(channel))
                .revokeToken(RevokeTokenRequest.newBuilder()
                        .setName("victim")
                        .setTxnId(UUID.randomUUID().toString())
                        .build());

        Optional<AccessToken> left = log.query(machine -> Optional.ofNullable(machine.token("victim")));
        assertThat(left).map(AccessToken::grants).contains(List.of(new Grant(Role.READER, "foreign")));
    }

    private static <S extends AbstractStub<S>> S as(String name, S stub) {
        var headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer sh1." + name + "." + SECRET);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Command create(String name, String secret, Role role, String namespace) {
        String hash = HexFormat.of().formatHex(Sha256.of(secret.getBytes(StandardCharsets.UTF_8)));
        var token = new AccessToken(name, hash, List.of(new Grant(role, namespace)), "test", 0, 0);
        return new CreateToken(new TxnId(UUID.randomUUID().toString()), token);
    }

    private static Command revoke(String name) {
        return new RevokeToken(new TxnId(UUID.randomUUID().toString()), name, "");
    }
}
