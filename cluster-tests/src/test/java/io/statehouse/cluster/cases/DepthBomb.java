package io.statehouse.cluster.cases;

import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.statehouse.proto.v1.WriteRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** A Write whose Struct nests so deep that building it of messages would break the sender first: made of bytes. */
final class DepthBomb {
    private static final long DEADLINE_SECONDS = 30;
    private static final int LENGTH_DELIMITED = 2;
    private static final int BITS_OF_WIRE_TYPE = 3;
    private static final int VALUE_OF_LIST = 1;
    private static final int LIST_OF_VALUE = 6;
    private static final int FIELDS_OF_STRUCT = 1;
    private static final int NAME_OF_FIELD = 1;
    private static final int VALUE_OF_FIELD = 2;

    private DepthBomb() {}

    static byte[] write(String agent, String key, int depth) {
        byte[] value = {};
        for (int i = 0; i < depth; i++) {
            value = field(LIST_OF_VALUE, field(VALUE_OF_LIST, value));
        }
        var named = join(field(NAME_OF_FIELD, new byte[] {'a'}), field(VALUE_OF_FIELD, value));
        var around = WriteRequest.newBuilder()
                .setTxnId("none")
                .setAgentId(agent)
                .setKey(key)
                .build();
        return join(around.toByteArray(), field(WriteRequest.VALUE_FIELD_NUMBER, field(FIELDS_OF_STRUCT, named)));
    }

    static void send(String address, byte[] request) {
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(address).usePlaintext().build();
        try {
            var method = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("statehouse.v1.StatehouseService/Write")
                    .build();
            var options = CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
            ClientCalls.blockingUnaryCall(channel, method, options, request);
        } finally {
            channel.shutdownNow();
        }
    }

    private static byte[] field(int number, byte[] content) {
        try {
            var bytes = new ByteArrayOutputStream();
            var out = CodedOutputStream.newInstance(bytes);
            out.writeUInt32NoTag(number << BITS_OF_WIRE_TYPE | LENGTH_DELIMITED);
            out.writeUInt32NoTag(content.length);
            out.writeRawBytes(content);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] join(byte[] some, byte[] more) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(some);
        bytes.writeBytes(more);
        return bytes.toByteArray();
    }

    /** Messages as they are on the wire. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            try {
                return message.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
