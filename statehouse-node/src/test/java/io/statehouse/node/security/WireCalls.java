package io.statehouse.node.security;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.statehouse.proto.v1.AccessGrant;
import io.statehouse.proto.v1.AccessRole;
import io.statehouse.proto.v1.AccessServiceGrpc;
import io.statehouse.proto.v1.AdminServiceGrpc;
import io.statehouse.proto.v1.AgentServiceGrpc;
import io.statehouse.proto.v1.ClusterServiceGrpc;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitStreamServiceGrpc;
import io.statehouse.proto.v1.CreateTokenRequest;
import io.statehouse.proto.v1.DiffRequest;
import io.statehouse.proto.v1.DiffSide;
import io.statehouse.proto.v1.ExplainRequest;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.HistoryServiceGrpc;
import io.statehouse.proto.v1.QuotaServiceGrpc;
import io.statehouse.proto.v1.ReadStreamServiceGrpc;
import io.statehouse.proto.v1.RevertRequest;
import io.statehouse.proto.v1.RevokeTokenRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.StreamedAnswer;
import io.statehouse.proto.v1.StreamedCommit;
import io.statehouse.proto.v1.StreamedRead;
import io.statehouse.proto.v1.StreamedReadAnswer;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.VersionRef;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchServiceGrpc;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** Every call of the contract, as the descriptors have it, and a request of each that is about one namespace. */
final class WireCalls {
    private static final List<ServiceDescriptor> SERVICES = List.of(
            StatehouseServiceGrpc.getServiceDescriptor(),
            HistoryServiceGrpc.getServiceDescriptor(),
            WatchServiceGrpc.getServiceDescriptor(),
            CommitStreamServiceGrpc.getServiceDescriptor(),
            ReadStreamServiceGrpc.getServiceDescriptor(),
            ClusterServiceGrpc.getServiceDescriptor(),
            AdminServiceGrpc.getServiceDescriptor(),
            AccessServiceGrpc.getServiceDescriptor(),
            AgentServiceGrpc.getServiceDescriptor(),
            QuotaServiceGrpc.getServiceDescriptor(),
            ServerReflectionGrpc.getServiceDescriptor());

    private WireCalls() {}

    static Stream<MethodDescriptor<?, ?>> all() {
        return SERVICES.stream().flatMap(service -> service.getMethods().stream());
    }

    /** A sound request, different each time, about key k of agent ada in the namespace. */
    static byte[] request(MethodDescriptor<?, ?> method, String namespace) {
        return message(method, namespace).toByteArray();
    }

    private static Message message(MethodDescriptor<?, ?> method, String namespace) {
        String id = UUID.randomUUID().toString();
        return switch (String.valueOf(method.getBareMethodName())) {
            case "Commit" -> commit(namespace, id);
            case "CommitStream" ->
                StreamedCommit.newBuilder()
                        .setNumber(1)
                        .setCommit(commit(namespace, id))
                        .build();
            case "ReadStream" -> read(namespace);
            case "Diff" ->
                DiffRequest.newBuilder()
                        .setBefore(DiffSide.newBuilder().setNamespace(namespace).setAgentId("ada"))
                        .setAfter(DiffSide.newBuilder().setNamespace(namespace).setAgentId("ada"))
                        .build();
            case "Explain" ->
                ExplainRequest.newBuilder()
                        .setVersion(VersionRef.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId("ada")
                                .setKey("k")
                                .setVersion(1))
                        .build();
            case "Revert" ->
                RevertRequest.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId("ada")
                        .setKey("k")
                        .setToVersion(1)
                        .setTxnId(id)
                        .build();
            case "CreateToken" -> createToken(namespace, id);
            case "RevokeToken" ->
                RevokeTokenRequest.newBuilder()
                        .setName("victim-" + namespace)
                        .setTxnId(id)
                        .build();
            case "Watch" ->
                WatchRequest.newBuilder()
                        .setNamespace(namespace)
                        .setProgressIntervalMs(100)
                        .setStartTs(1)
                        .build();
            default -> generic(inputOf(method), namespace, id);
        };
    }

    private static StreamedRead read(String namespace) {
        return StreamedRead.newBuilder()
                .setNumber(1)
                .setGet(GetStateRequest.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId("ada")
                        .setKey("k"))
                .build();
    }

    private static CreateTokenRequest createToken(String namespace, String id) {
        return CreateTokenRequest.newBuilder()
                .setName("t" + id)
                .setSecretSha256(TokenText.sha256(id))
                .addGrants(AccessGrant.newBuilder()
                        .setRole(AccessRole.ACCESS_ROLE_READER)
                        .setNamespace(namespace))
                .setTxnId(id)
                .build();
    }

    private static CommitRequest commit(String namespace, String id) {
        return CommitRequest.newBuilder()
                .setTxnId(id)
                .setTransaction(Transaction.newBuilder()
                        .addOperations(TransactionOperation.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId("ada")
                                .setKey("k")
                                .setJson(ByteString.copyFromUtf8("1"))))
                .build();
    }

    private static Message generic(Descriptor input, String namespace, String id) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(input);
        set(message, "namespace", namespace);
        set(message, "agent_id", "ada");
        set(message, "key", "k");
        set(message, "txn_id", id);
        return message.build();
    }

    private static void set(DynamicMessage.Builder message, String name, String text) {
        FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
        if (field != null) {
            message.setField(field, text);
        }
    }

    private static Descriptor inputOf(MethodDescriptor<?, ?> method) {
        return ((ProtoMethodDescriptorSupplier) Objects.requireNonNull(method.getSchemaDescriptor()))
                .getMethodDescriptor()
                .getInputType();
    }

    /** The code of the error that a message of a stream of many requests carries; empty when it carries none. */
    static String errorIn(MethodDescriptor<?, ?> method, byte[] answer) {
        try {
            return switch (String.valueOf(method.getBareMethodName())) {
                case "CommitStream" -> {
                    var commit = StreamedAnswer.parseFrom(answer);
                    yield commit.hasError() ? commit.getError().getCode().name() : "";
                }
                case "ReadStream" -> {
                    var read = StreamedReadAnswer.parseFrom(answer);
                    yield read.hasError() ? read.getError().getCode().name() : "";
                }
                default -> "";
            };
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
