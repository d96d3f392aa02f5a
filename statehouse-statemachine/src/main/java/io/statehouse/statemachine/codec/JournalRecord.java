package io.statehouse.statemachine.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.statehouse.proto.storage.v1.CommittedEvent;
import io.statehouse.proto.storage.v1.CommittedOperation;
import io.statehouse.proto.storage.v1.JournalRow;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.StateDigest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A row of the journal taken apart to be proven: what the chain covers, and whether the values are those it commits to. */
public final class JournalRecord {
    private final JournalRow row;
    private final CommittedEvent event;
    private final CommittedTransaction commit;

    private JournalRecord(JournalRow row, CommittedEvent event) {
        this.row = row;
        this.event = event;
        this.commit = JournalCodec.decode(row, event);
    }

    /** Takes a row apart; null when it is no row of a journal. */
    public static @Nullable JournalRecord read(byte[] bytes) {
        try {
            JournalRow row = JournalRow.parseFrom(bytes);
            CommittedEvent event = CommittedEvent.parseFrom(row.getEvent());
            boolean isKnown = row.getUnknownFields().isEmpty() && JournalCodec.isWhole(row, event);
            return isKnown ? new JournalRecord(row, event) : null;
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    public CommittedTransaction commit() {
        return commit;
    }

    /** The bytes that the chain covers. */
    public byte[] event() {
        return row.getEvent().toByteArray();
    }

    public byte[] chainHash() {
        return row.getChainHash().toByteArray();
    }

    /** The digest with this commit; null in a row of a release that kept none. */
    public @Nullable StateDigest digest() {
        return JournalCodec.digestOf(row);
    }

    /** Whether retention has let go of some of its versions. */
    public boolean hasErased() {
        return row.getErasedCount() > 0;
    }

    /** The first operation whose value is not the one that the event commits to; null when there is none. */
    public @Nullable Integer firstForgedValue() {
        byte[] salt = row.getSalt().toByteArray();
        int value = 0;
        for (int position = 0; position < event.getOperationsCount(); position++) {
            CommittedOperation operation = event.getOperations(position);
            if (operation.hasValueCommitment()) {
                byte[] json = row.getValues(value++).toByteArray();
                if (commit.events().get(position) instanceof Event.EntryErased) {
                    // What is gone cannot be proven, only that it is.
                    if (json.length > 0) {
                        return position;
                    }
                    continue;
                }
                byte[] hash = Sha256.of(json);
                if (!operation.getValueCommitment().equals(commitment(salt, position, hash))) {
                    return position;
                }
            }
        }
        return null;
    }

    /** What the event says of a value: nothing to whoever does not know the salt. */
    static ByteString commitment(byte[] salt, int position, byte[] valueHash) {
        byte[] place = ByteBuffer.allocate(Integer.BYTES).putInt(position).array();
        return ByteString.copyFrom(Sha256.of(salt, place, valueHash));
    }
}
