package io.statehouse.node.contract;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.statehouse.proto.v1.AbortRequest;
import io.statehouse.proto.v1.BeginTransactionRequest;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.DeleteRequest;
import io.statehouse.proto.v1.GetStateAtVersionRequest;
import io.statehouse.proto.v1.GetStateAtVersionResponse;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.HistoryServiceGrpc;
import io.statehouse.proto.v1.HistoryServiceGrpc.HistoryServiceBlockingStub;
import io.statehouse.proto.v1.ListKeysRequest;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.ScanPrefixRequest;
import io.statehouse.proto.v1.StateEntry;
import io.statehouse.proto.v1.StatehouseError;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.StatehouseServiceGrpc.StatehouseServiceBlockingStub;
import io.statehouse.proto.v1.WriteRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client of the published contract and of nothing else: plain generated stubs, published fields. */
public final class V1Client implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 30;

    private final ManagedChannel channel;
    private final String namespace;

    public V1Client(String address, String namespace) {
        channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
        this.namespace = namespace;
    }

    public StatehouseServiceBlockingStub stub() {
        return StatehouseServiceGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** The calls about the past. */
    public HistoryServiceBlockingStub past() {
        return HistoryServiceGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** The same stub with responses as deep as anything: Java's protobuf stops at 100 messages by itself. */
    public StatehouseServiceBlockingStub deepStub() {
        return stub().withInterceptors(new DeepResponses());
    }

    public String begin() {
        return stub().beginTransaction(BeginTransactionRequest.getDefaultInstance())
                .getTxnId();
    }

    public String begin(long timeoutMillis) {
        return stub().beginTransaction(BeginTransactionRequest.newBuilder()
                        .setTimeoutMs(timeoutMillis)
                        .build())
                .getTxnId();
    }

    public void write(String txnId, String agent, String key, Struct value) {
        stub().write(WriteRequest.newBuilder()
                .setTxnId(txnId)
                .setNamespace(namespace)
                .setAgentId(agent)
                .setKey(key)
                .setValue(value)
                .build());
    }

    public void delete(String txnId, String agent, String key) {
        stub().delete(DeleteRequest.newBuilder()
                .setTxnId(txnId)
                .setNamespace(namespace)
                .setAgentId(agent)
                .setKey(key)
                .build());
    }

    public long commit(String txnId) {
        return stub().commit(CommitRequest.newBuilder().setTxnId(txnId).build()).getCommitTs();
    }

    public void abort(String txnId) {
        stub().abort(AbortRequest.newBuilder().setTxnId(txnId).build());
    }

    /** Writes one value in a transaction of its own. */
    public long put(String agent, String key, Struct value) {
        String txnId = begin();
        write(txnId, agent, key, value);
        return commit(txnId);
    }

    /** Deletes one key in a transaction of its own. */
    public long remove(String agent, String key) {
        String txnId = begin();
        delete(txnId, agent, key);
        return commit(txnId);
    }

    public GetStateResponse get(String agent, String key) {
        return deepStub()
                .getState(GetStateRequest.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId(agent)
                        .setKey(key)
                        .build());
    }

    public GetStateAtVersionResponse getAtVersion(String agent, String key, long version) {
        return deepStub()
                .getStateAtVersion(GetStateAtVersionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId(agent)
                        .setKey(key)
                        .setVersion(version)
                        .build());
    }

    public List<String> listKeys(String agent) {
        return stub().listKeys(ListKeysRequest.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId(agent)
                        .build())
                .getKeysList();
    }

    public List<StateEntry> scan(String agent, String prefix) {
        return deepStub()
                .scanPrefix(ScanPrefixRequest.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId(agent)
                        .setPrefix(prefix)
                        .build())
                .getEntriesList();
    }

    public List<ReplayEvent> replay(String agent) {
        return replay(replayRequest(agent).build());
    }

    public ReplayRequest.Builder replayRequest(String agent) {
        return ReplayRequest.newBuilder().setNamespace(namespace).setAgentId(agent);
    }

    public List<ReplayEvent> replay(ReplayRequest request) {
        List<ReplayEvent> events = new ArrayList<>();
        deepStub().replay(request).forEachRemaining(events::add);
        return events;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** The typed error behind a failed call. */
    public static StatehouseError errorOf(StatusRuntimeException failure) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        if (status == null) {
            throw new AssertionError("no details in " + failure, failure);
        }
        try {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(StatehouseError.class)) {
                    return detail.unpack(StatehouseError.class);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("no StatehouseError in " + failure, failure);
    }

    public static Struct object(String name, Value value) {
        return Struct.newBuilder().putFields(name, value).build();
    }

    public static Struct number(double number) {
        return object("n", Value.newBuilder().setNumberValue(number).build());
    }

    public static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    public static Value nothing() {
        return Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();
    }

    public static Value value(Struct struct) {
        return Value.newBuilder().setStructValue(struct).build();
    }

    public static Value list(Value... values) {
        return Value.newBuilder()
                .setListValue(ListValue.newBuilder().addAllValues(Arrays.asList(values)))
                .build();
    }

    /** An object nested to a depth. */
    public static Struct nested(int depth) {
        Struct inner = Struct.getDefaultInstance();
        for (int i = 1; i < depth; i++) {
            inner = object("d", value(inner));
        }
        return inner;
    }

    private static final class DeepResponses implements ClientInterceptor {
        private static final int RECURSION_MAX = 10_000;

        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return next.newCall(deep(method), options);
        }

        @SuppressWarnings("unchecked") // the prototype of a Marshaller<R> is an R
        private static <Q, R> MethodDescriptor<Q, R> deep(MethodDescriptor<Q, R> method) {
            var prototype =
                    ((MethodDescriptor.PrototypeMarshaller<R>) method.getResponseMarshaller()).getMessagePrototype();
            var marshaller = (MethodDescriptor.Marshaller<R>)
                    ProtoUtils.marshallerWithRecursionLimit((Message) prototype, RECURSION_MAX);
            return method.toBuilder(method.getRequestMarshaller(), marshaller).build();
        }
    }
}
