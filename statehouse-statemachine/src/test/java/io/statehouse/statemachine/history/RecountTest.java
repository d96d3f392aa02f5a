package io.statehouse.statemachine.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.statehouse.proto.storage.v1.CommittedEvent;
import io.statehouse.proto.storage.v1.CommittedOperation;
import io.statehouse.proto.storage.v1.EntryRow;
import io.statehouse.proto.storage.v1.JournalRow;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.RandomLog;
import io.statehouse.statemachine.Seed;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both hashes can be counted again from what is stored, without the code that counted them first. */
class RecountTest {
    private static final int BATCHES = 100;
    private static final int COMMANDS = 5;

    private final TreeStore store = new TreeStore();
    private final StateMachine state = StateMachine.open(store, RandomLog.LIMITS);

    @BeforeEach
    void run() {
        RandomLog log = new RandomLog(Seed.random(RecountTest.class));
        for (int index = 0; index < BATCHES; index++) {
            state.execute(new LogPosition(1, index), log.batch(COMMANDS));
        }
    }

    @Test
    void theChainIsCountedAgainFromTheEventsAndEveryValueOpensItsCommitment() throws InvalidProtocolBufferException {
        byte[] chain = new byte[Sha256.BYTES];
        try (Cursor cursor = store.ascending(Table.JOURNAL, KeyRange.all())) {
            while (cursor.advance()) {
                JournalRow row = JournalRow.parseFrom(cursor.value());
                chain = Sha256.of(chain, row.getEvent().toByteArray());
                assertThat(row.getChainHash().toByteArray()).isEqualTo(chain);
                assertCommitments(row);
            }
        }

        assertThat(state.chainHash()).isEqualTo(chain);
    }

    @Test
    void theDigestIsCountedAgainFromTheRowsInAnyOrderAndThoseThatRetentionHasLetGo()
            throws InvalidProtocolBufferException {
        StateDigest digest = state.progress().trimming().trimmed();
        try (Cursor cursor = store.descending(Table.VERSIONS, KeyRange.all())) {
            while (cursor.advance()) {
                EntryRow row = EntryRow.parseFrom(cursor.value());
                byte[] header = row.toBuilder().clearJson().build().toByteArray();
                byte[] valueHash = row.hasJson() ? Sha256.of(row.getJson().toByteArray()) : new byte[0];
                digest = digest.plus(cursor.key(), header, valueHash);
            }
        }

        assertThat(state.digest()).isEqualTo(digest.toBytes());
    }

    private static void assertCommitments(JournalRow row) throws InvalidProtocolBufferException {
        int position = 0;
        int value = 0;
        for (CommittedOperation operation :
                CommittedEvent.parseFrom(row.getEvent()).getOperationsList()) {
            byte[] place = ByteBuffer.allocate(Integer.BYTES).putInt(position++).array();
            if (operation.hasValueCommitment() && row.getErasedList().contains(position - 1)) {
                assertThat(row.getValues(value++).isEmpty()).isTrue();
            } else if (operation.hasValueCommitment()) {
                byte[] valueHash = Sha256.of(row.getValues(value++).toByteArray());
                assertThat(operation.getValueCommitment().toByteArray())
                        .isEqualTo(Sha256.of(row.getSalt().toByteArray(), place, valueHash));
            }
        }
        assertThat(row.getValuesCount()).isEqualTo(value);
    }
}
