package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.Condition;
import io.statehouse.proto.v1.DeleteKey;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.ValueFormat;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the native API have in common: a node, a namespace of its own, and the calls in short form. */
abstract class NativeSession {
    static final String ADA = "ada";
    static final ReadOptions AS_JSON =
            ReadOptions.newBuilder().setFormat(ValueFormat.VALUE_FORMAT_JSON).build();

    static TestNode node;

    final String namespace = "native-" + UUID.randomUUID();
    V1Client client;

    @BeforeAll
    static void start() {
        node = TestNode.start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void connect() {
        client = new V1Client(node.address(), namespace);
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    TransactionOperation put(String key, String json) {
        return TransactionOperation.newBuilder()
                .setNamespace(namespace)
                .setAgentId(ADA)
                .setKey(key)
                .setJson(ByteString.copyFromUtf8(json))
                .build();
    }

    TransactionOperation delete(String key) {
        return TransactionOperation.newBuilder()
                .setNamespace(namespace)
                .setAgentId(ADA)
                .setKey(key)
                .setDelete(DeleteKey.getDefaultInstance())
                .build();
    }

    Condition.Builder on(String key) {
        return Condition.newBuilder().setNamespace(namespace).setAgentId(ADA).setKey(key);
    }

    CommitResponse commit(String txnId, Transaction transaction) {
        return client.stub()
                .commit(CommitRequest.newBuilder()
                        .setTxnId(txnId)
                        .setTransaction(transaction)
                        .build());
    }

    CommitResponse commit(TransactionOperation... operations) {
        return commit(
                UUID.randomUUID().toString(),
                Transaction.newBuilder().addAllOperations(List.of(operations)).build());
    }

    GetStateResponse get(String key, ReadOptions options) {
        return client.stub()
                .getState(GetStateRequest.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId(ADA)
                        .setKey(key)
                        .setOptions(options)
                        .build());
    }

    static StatusRuntimeException refused(Status.Code status, ErrorCode code, ThrowingCallable call) {
        StatusRuntimeException failure = assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(call)
                .actual();
        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(status);
        assertThat(V1Client.errorOf(failure).getCode()).isEqualTo(code);
        return failure;
    }
}
