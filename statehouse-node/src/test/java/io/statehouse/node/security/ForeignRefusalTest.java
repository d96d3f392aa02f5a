package io.statehouse.node.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.statehouse.proto.v1.AccessRole;
import io.statehouse.proto.v1.AgentRequest;
import io.statehouse.proto.v1.AgentServiceGrpc;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.statemachine.Grant;
import org.junit.jupiter.api.Test;

class ForeignRefusalTest {
    @Test
    void anAgentsCallUnderTheIdOfARefusalElsewhereHearsNothingOfIt() {
        try (SecuredNode node = new SecuredNode()) {
            String root = node.token(SecuredNode.BOOTSTRAP, "root", AccessRole.ACCESS_ROLE_ADMIN, Grant.EVERYWHERE);
            String writer = node.token(root, "writer", AccessRole.ACCESS_ROLE_WRITER, "own");
            var commit = CommitRequest.newBuilder()
                    .setTxnId("refused")
                    .setTransaction(Transaction.newBuilder()
                            .addOperations(TransactionOperation.newBuilder()
                                    .setNamespace("foreign")
                                    .setAgentId("a")
                                    .setKey("secret-key")
                                    .setAdd(ByteString.copyFromUtf8("\"no number\""))))
                    .build();
            var call = AgentRequest.newBuilder()
                    .setNamespace("own")
                    .setMethod("create_user")
                    .setParams(ByteString.copyFromUtf8("{\"username\":\"ada\"}"))
                    .setTxnId("refused")
                    .build();

            assertThat(failure(() ->
                            StatehouseServiceGrpc.newBlockingStub(node.as(root)).commit(commit)))
                    .contains("secret-key");
            assertThat(failure(() ->
                            AgentServiceGrpc.newBlockingStub(node.as(writer)).execute(call)))
                    .doesNotContain("secret-key", "foreign");
        }
    }

    private static String failure(Runnable call) {
        StatusRuntimeException failure = assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(call::run)
                .actual();
        return failure.getStatus() + " " + failure.getTrailers();
    }
}
