package io.statehouse.statemachine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.statehouse.proto.storage.v1.LogBatch;
import io.statehouse.proto.storage.v1.LoggedCommand;
import io.statehouse.proto.storage.v1.LoggedCondition;
import io.statehouse.proto.storage.v1.LoggedKey;
import io.statehouse.proto.storage.v1.LoggedOperation;
import io.statehouse.proto.storage.v1.LoggedTransaction;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Stamp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogCodecTest {
    private static final UnknownFieldSet FROM_THE_FUTURE = UnknownFieldSet.newBuilder()
            .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();

    @Test
    void anEntryBeginsWithItsFormat() {
        byte[] entry = LogCodec.encode(new LoggedBatch(new Stamp(1, new byte[16]), 1, 1, List.of()));

        assertThat(new String(entry, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("SHL1");
    }

    @Test
    void anEntryIsReadFromWhereTheBufferStandsAndLeftAsItIs() {
        byte[] entry = LogCodec.encode(new LoggedBatch(new Stamp(1, new byte[16]), 5, 6, List.of()));
        ByteBuffer buffer =
                ByteBuffer.allocate(entry.length + 10).position(10).put(entry).position(10);

        LoggedBatch batch = LogCodec.decode(buffer.asReadOnlyBuffer());

        assertThat(batch.batchId()).isEqualTo(6);
        assertThat(buffer.position()).isEqualTo(10);
    }

    @Test
    void whatIsNoEntryStopsTheReplica() {
        for (byte[] bytes : List.of(new byte[0], utf8("SHL"), utf8("SHL2"), utf8("SHL1\u007f"))) {
            assertThatThrownBy(() -> LogCodec.decode(ByteBuffer.wrap(bytes))).isInstanceOf(StoreFailedException.class);
        }
    }

    @Test
    void aCutEntryStopsTheReplica() {
        byte[] entry = LogCodec.encode(new LoggedBatch(new Stamp(1, new byte[16]), 5, 6, List.of()));

        assertThatThrownBy(() -> LogCodec.decode(ByteBuffer.wrap(entry, 0, entry.length - 1)))
                .isInstanceOf(StoreFailedException.class);
    }

    @Test
    void whatThisReleaseDoesNotKnowStopsTheReplica() {
        LoggedKey key = LoggedKey.newBuilder()
                .setNamespace("n")
                .setAgent("a")
                .setName("k")
                .build();
        LoggedTransaction transaction = LoggedTransaction.newBuilder()
                .addOperations(LoggedOperation.newBuilder().setKey(key))
                .build();

        assertUnknown(batch(LoggedCommand.newBuilder().setTxnId("t").build()), "a command");
        assertUnknown(
                batch(command(LoggedTransaction.newBuilder()
                        .addConditions(LoggedCondition.newBuilder().setKey(key))
                        .build())),
                "a condition");
        assertUnknown(
                batch(command(transaction)).toBuilder()
                        .setUnknownFields(FROM_THE_FUTURE)
                        .build(),
                "LogBatch");
        assertUnknown(
                batch(command(transaction.toBuilder()
                        .setUnknownFields(FROM_THE_FUTURE)
                        .build())),
                "LoggedTransaction");
        assertUnknown(
                batch(command(LoggedTransaction.newBuilder()
                        .addOperations(LoggedOperation.newBuilder()
                                .setKey(key.toBuilder().setUnknownFields(FROM_THE_FUTURE)))
                        .build())),
                "LoggedKey");
    }

    private static LoggedCommand command(LoggedTransaction transaction) {
        return LoggedCommand.newBuilder()
                .setTxnId("t")
                .setTransaction(transaction)
                .build();
    }

    private static LogBatch batch(LoggedCommand command) {
        return LogBatch.newBuilder().addCommands(command).build();
    }

    private static void assertUnknown(LogBatch batch, String what) {
        byte[] entry =
                ByteString.copyFromUtf8("SHL1").concat(batch.toByteString()).toByteArray();

        assertThatThrownBy(() -> LogCodec.decode(ByteBuffer.wrap(entry)))
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining(what);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
