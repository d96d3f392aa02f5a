package io.statehouse.node;

import static io.statehouse.node.contract.V1Client.nested;
import static io.statehouse.node.contract.V1Client.number;
import static io.statehouse.node.contract.V1Client.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.Condition;
import io.statehouse.proto.v1.DeleteKey;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.HealthRequest;
import io.statehouse.proto.v1.ListKeysRequest;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.WriteRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever a caller sends, the answer is typed and names what is wrong, nothing changes, and the next call works. */
class BadInputTest {
    private static final String ADA = "ada";
    private static final int WIRE_STRUCT = 5;

    private static TestNode node;
    private static ManagedChannel channel;
    private static V1Client client;

    private long before;

    @BeforeAll
    static void start() {
        node = TestNode.start();
        client = new V1Client(node.address(), "");
        channel = ManagedChannelBuilder.forTarget(node.address()).usePlaintext().build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        client.close();
        node.close();
    }

    @BeforeEach
    void remember() {
        before = node.node().cluster().applied().value();
    }

    @AfterEach
    void nothingChangedAndTheServerIsHealthy() {
        assertThat(node.node().cluster().applied().value()).isEqualTo(before);
        assertThat(client.stub().health(HealthRequest.getDefaultInstance()).getStatus())
                .isEqualTo("ok");
        assertThat(client.put("someone else", "k", number(1))).isEqualTo(before + 1);
    }

    private static StatusRuntimeException refused(Status.Code status, ErrorCode code, ThrowingCallable call) {
        StatusRuntimeException failure = assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(call)
                .actual();
        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(status);
        assertThat(V1Client.errorOf(failure).getCode()).isEqualTo(code);
        return failure;
    }

    private static void overLimit(String limit, ThrowingCallable call) {
        StatusRuntimeException failure = refused(Status.Code.INVALID_ARGUMENT, ErrorCode.LIMIT_EXCEEDED, call);
        assertThat(V1Client.errorOf(failure).getDetailsMap()).containsEntry("limit", limit);
        assertThat(failure).hasMessageContaining(limit);
    }

    private static void invalid(String field, ThrowingCallable call) {
        StatusRuntimeException failure = refused(Status.Code.INVALID_ARGUMENT, ErrorCode.INVALID_REQUEST, call);
        assertThat(V1Client.errorOf(failure).getDetailsMap()).containsEntry("field", field);
    }

    private static Runnable commit(TransactionOperation... operations) {
        Transaction.Builder transaction = Transaction.newBuilder();
        for (TransactionOperation operation : operations) {
            transaction.addOperations(operation);
        }
        return () -> client.stub()
                .commit(CommitRequest.newBuilder()
                        .setTxnId("bad-input")
                        .setTransaction(transaction)
                        .build());
    }

    private static TransactionOperation.Builder operation(String key) {
        return TransactionOperation.newBuilder().setAgentId(ADA).setKey(key);
    }

    private static TransactionOperation json(String key, byte[] utf8) {
        return operation(key).setJson(ByteString.copyFrom(utf8)).build();
    }

    private static byte[] text(int bytes) {
        byte[] text = new byte[bytes];
        Arrays.fill(text, (byte) 'x');
        text[0] = '"';
        text[bytes - 1] = '"';
        return text;
    }

    @Test
    void emptyIdsAreNamed() {
        String txnId = client.begin();

        invalid("agent_id", () -> client.write(txnId, "", "k", number(1)));
        invalid("key", () -> client.write(txnId, ADA, "", number(1)));
        invalid("agent_id", () -> client.delete(txnId, "", "k"));
        invalid("txn_id", () -> client.write("", ADA, "k", number(1)));
        invalid("txn_id", () -> client.commit(""));
        invalid("agent_id", () -> client.get("", "k"));
        invalid("key", () -> client.get(ADA, ""));
        invalid("key", () -> client.getAtVersion(ADA, "", 1));
        invalid("agent_id", () -> client.listKeys(""));
        invalid("agent_id", () -> client.scan("", ""));
        invalid("agent_id", () -> client.replay(""));
        invalid(
                "txn_id",
                () -> client.stub()
                        .commit(CommitRequest.newBuilder()
                                .setTransaction(Transaction.getDefaultInstance())
                                .build()));
    }

    @Test
    void idsAndKeysAreBoundedInBytesNotCharacters() {
        String txnId = client.begin();
        String longest = "ä".repeat(512);

        client.write(txnId, longest, longest, number(1));
        overLimit("idBytesMax", () -> client.write(txnId, longest + "x", "k", number(1)));
        overLimit("keyBytesMax", () -> client.write(txnId, ADA, longest + "x", number(1)));
        overLimit("idBytesMax", () -> client.replay(longest + "x"));
        overLimit("keyBytesMax", () -> client.scan(ADA, longest + "x"));
        overLimit("idBytesMax", () -> client.commit("t".repeat(1_025)));
        client.abort(txnId);
    }

    @Test
    void anErrorAboutHugeIdsStillReachesItsClient() {
        String huge = "k".repeat(1_000_000);

        overLimit("keyBytesMax", () -> client.get(ADA, huge));
        overLimit("idBytesMax", () -> client.commit(huge));
        invalid(
                "page_token",
                () -> client.stub()
                        .listKeys(ListKeysRequest.newBuilder()
                                .setAgentId(ADA)
                                .setPageToken(huge + "!")
                                .build()));
    }

    @Test
    void valuesAndTransactionsAreBounded() {
        int valueMax = NodeLimits.DEFAULT.core().valueBytesMax();
        int bytesMax = NodeLimits.DEFAULT.core().transactionBytesMax();
        int operationsMax = NodeLimits.DEFAULT.core().transactionOperationsMax();

        overLimit("valueBytesMax", () -> commit(json("k", text(valueMax + 1))).run());
        overLimit(
                "transactionBytesMax",
                () -> commit(IntStream.rangeClosed(0, bytesMax / valueMax)
                                .mapToObj(i -> json("k" + i, text(valueMax)))
                                .toArray(TransactionOperation[]::new))
                        .run());
        overLimit(
                "transactionOperationsMax",
                () -> commit(IntStream.rangeClosed(0, operationsMax)
                                .mapToObj(i -> operation("k" + i)
                                        .setDelete(DeleteKey.getDefaultInstance())
                                        .build())
                                .toArray(TransactionOperation[]::new))
                        .run());
    }

    @Test
    void aMessageBeyondTheTransportsBoundIsRefusedByIt() {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> commit(json("k", text(NodeLimits.DEFAULT.requestBytesMax() + 1)))
                        .run())
                .satisfies(failure -> {
                    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                    assertThat(failure).hasMessageContaining(Integer.toString(NodeLimits.DEFAULT.requestBytesMax()));
                });
    }

    @Test
    void numbersThatAreNoJsonAreRefused() {
        String txnId = client.begin();
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            invalid("value", () -> client.write(txnId, ADA, "k", number(number)));
        }
        invalid("value", () -> client.write(txnId, ADA, "k", object("unset", Value.getDefaultInstance())));
    }

    @Test
    void jsonThatIsNoneIsRefused() {
        for (String text : new String[] {"", "{", "NaN", "{\"a\":1,\"a\":2}", "\"\\ud800\"", "1 2"}) {
            invalid(
                    "json",
                    () -> commit(json("k", text.getBytes(StandardCharsets.UTF_8)))
                            .run());
        }
        invalid(
                "json",
                () -> commit(json("k", new byte[] {'"', (byte) 0xff, '"'})).run());
    }

    @Test
    void depthBeyondTheLimitIsNamed() {
        int depthMax = NodeLimits.DEFAULT.core().jsonDepthMax();
        String txnId = client.begin();

        client.write(txnId, ADA, "k", nested(depthMax));
        overLimit("jsonDepthMax", () -> client.write(txnId, ADA, "k", nested(depthMax + 1)));
        overLimit(
                "jsonDepthMax",
                () -> commit(json("k", "[".repeat(100_000).getBytes(StandardCharsets.US_ASCII)))
                        .run());
        client.abort(txnId);
    }

    @Test
    void aDepthBombOnTheWireIsRefusedBeforeItIsBuilt() {
        String txnId = client.begin();
        byte[] head = WriteRequest.newBuilder()
                .setTxnId(txnId)
                .setAgentId(ADA)
                .setKey("k")
                .build()
                .toByteArray();

        invalid("request", () -> raw(StatehouseServiceGrpc.getWriteMethod(), concat(head, WIRE_STRUCT, bomb(10_000))));
    }

    /** Structs in Structs, as bytes: no builder could make so deep a message without recursion. */
    private static byte[] bomb(int depth) {
        byte[] struct = {};
        for (int i = 0; i < depth && struct.length < 1 << 20; i++) {
            byte[] value = field(5, struct);
            struct = field(1, concat(field(1, new byte[] {'d'}), 2, value));
        }
        return struct;
    }

    private static byte[] field(int number, byte[] content) {
        return concat(new byte[0], number, content);
    }

    private static byte[] concat(byte[] head, int number, byte[] content) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(head);
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeByteArray(number, content);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        byte[][] broken = {
            {(byte) 0xff},
            {0x0a, 0x7f, 'a'},
            // A Struct that ends early inside of a WriteRequest.
            {0x2a, 0x03, 0x0a, 0x05, 0x0a},
            // A string field that is no UTF-8.
            {0x0a, 0x02, (byte) 0xc3, 0x28}
        };
        for (byte[] bytes : broken) {
            invalid("request", () -> raw(StatehouseServiceGrpc.getWriteMethod(), bytes));
        }
    }

    private static <Q extends Message, R> R raw(MethodDescriptor<Q, R> method, byte[] request) {
        MethodDescriptor<byte[], R> bytes =
                method.toBuilder(new Bytes(), method.getResponseMarshaller()).build();
        return ClientCalls.blockingUnaryCall(channel, bytes, CallOptions.DEFAULT, request);
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void halfARequestIsNamed() {
        invalid("operations", () -> commit(operation("k").build()).run());
        invalid(
                "conditions",
                () -> client.stub()
                        .commit(CommitRequest.newBuilder()
                                .setTxnId("bad-input")
                                .setTransaction(Transaction.newBuilder()
                                        .addConditions(Condition.newBuilder()
                                                .setAgentId(ADA)
                                                .setKey("k")))
                                .build()));
        invalid(
                "json",
                () -> client.stub()
                        .write(WriteRequest.newBuilder()
                                .setTxnId(client.begin())
                                .setAgentId(ADA)
                                .setKey("k")
                                .setValue(Struct.getDefaultInstance())
                                .setJson(ByteString.copyFromUtf8("{}"))
                                .build()));
        invalid(
                "agent_id",
                () -> client.replay(ReplayRequest.newBuilder()
                        .setAllAgents(true)
                        .setAgentId(ADA)
                        .build()));
        invalid(
                "page_token",
                () -> client.stub()
                        .listKeys(ListKeysRequest.newBuilder()
                                .setAgentId(ADA)
                                .setPageToken("not a token")
                                .build()));
        invalid(
                "options.consistency",
                () -> client.stub()
                        .getState(GetStateRequest.newBuilder()
                                .setAgentId(ADA)
                                .setKey("k")
                                .setOptions(ReadOptions.newBuilder().setConsistencyValue(99))
                                .build()));
    }

    @Test
    void aTimeoutBeyondTheLongestIsNamed() {
        overLimit(
                "txTimeoutMaxMillis",
                () -> client.begin(NodeLimits.DEFAULT.txTimeoutMax().toMillis() + 1));
        overLimit("txTimeoutMaxMillis", () -> client.begin(-1));
    }
}
