package io.statehouse.node.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.proto.v1.AccessGrant;
import io.statehouse.proto.v1.AccessRole;
import io.statehouse.proto.v1.AccessServiceGrpc;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.Condition;
import io.statehouse.proto.v1.CreateTokenRequest;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetTransactionRequest;
import io.statehouse.proto.v1.ListNamespacesRequest;
import io.statehouse.proto.v1.ListTokensRequest;
import io.statehouse.proto.v1.ReadRecord;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.ResolveTransactionRequest;
import io.statehouse.proto.v1.RevokeTokenRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.TokenInfo;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchServiceGrpc;
import io.statehouse.statemachine.Grant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens on a node that asks for them. */
class TokenTest {
    private static SecuredNode node;
    private static String root;

    @BeforeAll
    static void start() {
        node = new SecuredNode();
        root = node.token(SecuredNode.BOOTSTRAP, "root", AccessRole.ACCESS_ROLE_ADMIN, Grant.EVERYWHERE);
        commit(root, "own", "");
        commit(root, "foreign", "");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String token(String name, AccessRole role, String namespace) {
        return node.token(root, name, role, namespace);
    }

    private static void commit(String token, String namespace, String conditionIn) {
        Transaction.Builder transaction = Transaction.newBuilder()
                .addOperations(TransactionOperation.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId("ada")
                        .setKey("k")
                        .setJson(ByteString.copyFromUtf8("1")));
        if (!conditionIn.isEmpty()) {
            transaction.addConditions(Condition.newBuilder()
                    .setNamespace(conditionIn)
                    .setAgentId("ada")
                    .setKey("k")
                    .setExists(true));
        }
        var unused = StatehouseServiceGrpc.newBlockingStub(node.as(token))
                .commit(CommitRequest.newBuilder()
                        .setTxnId(UUID.randomUUID().toString())
                        .setTransaction(transaction)
                        .build());
    }

    private static void revoke(String by, String name) {
        var unused = AccessServiceGrpc.newBlockingStub(node.as(by))
                .revokeToken(RevokeTokenRequest.newBuilder()
                        .setName(name)
                        .setTxnId(UUID.randomUUID().toString())
                        .build());
    }

    private static void ends(Status.Code code, Runnable call) {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(call::run)
                .satisfies(failure -> assertThat(failure.getStatus().getCode()).isEqualTo(code));
    }

    private static void read(String token, String namespace) {
        var unused = StatehouseServiceGrpc.newBlockingStub(node.as(token))
                .getState(GetStateRequest.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId("ada")
                        .setKey("k")
                        .build());
    }

    @Test
    void aTokenThatIsRevokedIsWorthNothingAtTheNextCall() {
        String token = token("soon-gone", AccessRole.ACCESS_ROLE_READER, "own");
        read(token, "own");

        revoke(root, "soon-gone");

        ends(Status.Code.UNAUTHENTICATED, () -> read(token, "own"));
    }

    @Test
    void aTokenThatIsRevokedEndsTheWatchItHasOpened() {
        String token = token("watcher", AccessRole.ACCESS_ROLE_READER, "own");
        var events = WatchServiceGrpc.newBlockingStub(node.as(token))
                .watch(WatchRequest.newBuilder()
                        .setNamespace("own")
                        .setStartTs(1)
                        .setProgressIntervalMs(100)
                        .build());
        assertThat(events.next().hasEvent()).isTrue();

        revoke(root, "watcher");
        commit(root, "own", "");

        ends(Status.Code.PERMISSION_DENIED, () -> events.forEachRemaining(event -> {}));
    }

    @Test
    void aTokenThatHasExpiredIsWorthNothing() {
        for (long expires : new long[] {System.currentTimeMillis() + 3_600_000, System.currentTimeMillis() - 1}) {
            String name = "until-" + expires;
            var unused = AccessServiceGrpc.newBlockingStub(node.as(root))
                    .createToken(CreateTokenRequest.newBuilder()
                            .setName(name)
                            .setSecretSha256(TokenText.sha256("secret"))
                            .addGrants(AccessGrant.newBuilder()
                                    .setRole(AccessRole.ACCESS_ROLE_READER)
                                    .setNamespace("own"))
                            .setExpiresTimeMs(expires)
                            .setTxnId(UUID.randomUUID().toString())
                            .build());
        }
        List<TokenInfo> made = AccessServiceGrpc.newBlockingStub(node.as(root))
                .listTokens(ListTokensRequest.getDefaultInstance())
                .getTokensList()
                .stream()
                .filter(token -> token.getName().startsWith("until-"))
                .toList();

        assertThat(made).hasSize(2);
        for (TokenInfo token : made) {
            String shown = "sh1." + token.getName() + ".secret";
            if (token.getExpiresTimeMs() > System.currentTimeMillis()) {
                read(shown, "own");
            } else {
                ends(Status.Code.UNAUTHENTICATED, () -> read(shown, "own"));
            }
        }
    }

    @Test
    void anotherTokenOfTheSameNameDoesNotInheritWhatTheFirstOneWas() {
        String first = token("twin", AccessRole.ACCESS_ROLE_READER, "own");
        revoke(root, "twin");
        String second = token("twin", AccessRole.ACCESS_ROLE_READER, "own");

        ends(Status.Code.UNAUTHENTICATED, () -> read(first, "own"));
        read(second, "own");
    }

    @Test
    void aNameIsGivenOnce() {
        var unused = token("once", AccessRole.ACCESS_ROLE_READER, "own");

        ends(Status.Code.INVALID_ARGUMENT, () -> token("once", AccessRole.ACCESS_ROLE_ADMIN, "own"));
    }

    @Test
    void theBootstrapSecretMakesTokensAndNothingElse() {
        ends(Status.Code.UNAUTHENTICATED, () -> read(SecuredNode.BOOTSTRAP, "own"));
        ends(Status.Code.UNAUTHENTICATED, () -> commit(SecuredNode.BOOTSTRAP, "own", ""));
    }

    @Test
    void anAdminOfOneNamespaceNeitherSeesNorTakesWhatIsGrantedElsewhere() {
        String admin = token("own-admin", AccessRole.ACCESS_ROLE_ADMIN, "own");
        var unused = token("elsewhere", AccessRole.ACCESS_ROLE_READER, "foreign");

        List<String> seen = AccessServiceGrpc.newBlockingStub(node.as(admin))
                .listTokens(ListTokensRequest.getDefaultInstance())
                .getTokensList()
                .stream()
                .map(TokenInfo::getName)
                .toList();

        assertThat(seen).contains("own-admin").doesNotContain("elsewhere", "root");
        ends(Status.Code.PERMISSION_DENIED, () -> revoke(admin, "elsewhere"));
        ends(Status.Code.PERMISSION_DENIED, () -> revoke(admin, "there-is-none"));
        ends(Status.Code.PERMISSION_DENIED, () -> node.token(admin, "more", AccessRole.ACCESS_ROLE_READER, "*"));
    }

    @Test
    void anAdminOfOneNamespaceWhoseRevocationWasDoneHearsSoAgain() {
        String admin = token("retrying-admin", AccessRole.ACCESS_ROLE_ADMIN, "own");
        var unused = token("taken", AccessRole.ACCESS_ROLE_READER, "own");
        var request = RevokeTokenRequest.newBuilder()
                .setName("taken")
                .setTxnId(UUID.randomUUID().toString())
                .build();
        var access = AccessServiceGrpc.newBlockingStub(node.as(admin));

        assertThat(access.revokeToken(request)).isEqualTo(access.revokeToken(request));

        String again = token("taken", AccessRole.ACCESS_ROLE_READER, "own");
        assertThat(access.revokeToken(request)).isNotNull();
        read(again, "own");
    }

    @Test
    void aRevocationUnderTheIdOfAnotherRequestIsRefusedAndTakesNothing() {
        String id = UUID.randomUUID().toString();
        var access = AccessServiceGrpc.newBlockingStub(node.as(root));
        var unused = access.createToken(CreateTokenRequest.newBuilder()
                .setName("made-under-it")
                .setSecretSha256(TokenText.sha256("secret"))
                .addGrants(AccessGrant.newBuilder()
                        .setRole(AccessRole.ACCESS_ROLE_READER)
                        .setNamespace("own"))
                .setTxnId(id)
                .build());
        String other = token("meant", AccessRole.ACCESS_ROLE_READER, "own");

        for (String name : List.of("meant", "made-under-it")) {
            ends(
                    Status.Code.FAILED_PRECONDITION,
                    () -> access.revokeToken(RevokeTokenRequest.newBuilder()
                            .setName(name)
                            .setTxnId(id)
                            .build()));
        }

        read(other, "own");
        read("sh1.made-under-it.secret", "own");
    }

    @Test
    void aRefusalIsShownWithoutItsContentsToWhoeverMayNotReadThere() {
        String reader = token("asking", AccessRole.ACCESS_ROLE_WRITER, "own");
        String id = UUID.randomUUID().toString();
        var stale = Transaction.newBuilder()
                .addOperations(TransactionOperation.newBuilder()
                        .setNamespace("foreign")
                        .setAgentId("ada")
                        .setKey("k")
                        .setJson(ByteString.copyFromUtf8("2")))
                .addConditions(Condition.newBuilder()
                        .setNamespace("foreign")
                        .setAgentId("ada")
                        .setKey("k")
                        .setExists(false));
        ends(
                Status.Code.ABORTED,
                () -> StatehouseServiceGrpc.newBlockingStub(node.as(root))
                        .commit(CommitRequest.newBuilder()
                                .setTxnId(id)
                                .setTransaction(stale)
                                .build()));

        for (String caller : List.of(root, reader)) {
            var calls = StatehouseServiceGrpc.newBlockingStub(node.as(caller));
            var asked = calls.getTransaction(
                            GetTransactionRequest.newBuilder().setTxnId(id).build())
                    .getRefusal();
            var resolved = calls.resolveTransaction(
                            ResolveTransactionRequest.newBuilder().setTxnId(id).build())
                    .getRefusal();
            assertThat(asked).isEqualTo(resolved);
            assertThat(asked.getDetailsMap().containsKey("agent_id")).isEqualTo(caller.equals(root));
            assertThat(asked.getCode()).isEqualTo(ErrorCode.CONFLICT);
        }
    }

    @Test
    void aConditionAsksForAReaderOfItsNamespace() {
        String writer = token("writer", AccessRole.ACCESS_ROLE_WRITER, "own");

        commit(writer, "own", "own");

        ends(Status.Code.PERMISSION_DENIED, () -> commit(writer, "own", "foreign"));
    }

    @Test
    void anEventDoesNotTellWhatItHadReadInANamespaceThatIsNotGranted() {
        String reader = token("replayer", AccessRole.ACCESS_ROLE_READER, "mixed");
        var transaction = Transaction.newBuilder()
                .addOperations(TransactionOperation.newBuilder()
                        .setNamespace("mixed")
                        .setAgentId("ada")
                        .setKey("k")
                        .setJson(ByteString.copyFromUtf8("1")));
        for (String namespace : List.of("mixed", "foreign")) {
            transaction.addReadSet(ReadRecord.newBuilder()
                    .setNamespace(namespace)
                    .setAgentId("ada")
                    .setKey("k")
                    .setVersion(1));
        }
        var unused = StatehouseServiceGrpc.newBlockingStub(node.as(root))
                .commit(CommitRequest.newBuilder()
                        .setTxnId(UUID.randomUUID().toString())
                        .setTransaction(transaction)
                        .build());

        var events = StatehouseServiceGrpc.newBlockingStub(node.as(reader))
                .replay(ReplayRequest.newBuilder()
                        .setNamespace("mixed")
                        .setAgentId("ada")
                        .build());

        assertThat(events.next().getReadSetList())
                .extracting(ReadRecord::getNamespace)
                .containsExactly("mixed");
    }

    @Test
    void namespacesThatNothingIsGrantedInAreNotListed() {
        String reader = token("lister", AccessRole.ACCESS_ROLE_READER, "own");

        assertThat(StatehouseServiceGrpc.newBlockingStub(node.as(reader))
                        .listNamespaces(ListNamespacesRequest.getDefaultInstance())
                        .getNamespacesList())
                .containsExactly("own");
    }
}
