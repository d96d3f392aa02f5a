package io.statehouse.node.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.proto.v1.AccessRole;
import io.statehouse.proto.v1.AccessServiceGrpc;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.Condition;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.ListNamespacesRequest;
import io.statehouse.proto.v1.ListTokensRequest;
import io.statehouse.proto.v1.ReadRecord;
import io.statehouse.proto.v1.ReplayRequest;
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
