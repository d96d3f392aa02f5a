package io.statehouse.statemachine.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.statehouse.proto.storage.v1.CommittedEvent;
import io.statehouse.proto.storage.v1.CommittedOperation;
import io.statehouse.proto.storage.v1.JournalRow;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.event.MadeVersion;
import io.statehouse.statemachine.history.Journal;
import io.statehouse.statemachine.state.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A row of the journal: the event that is chained, with a commitment to each value, and the values beside it. */
public final class JournalCodec {
    private JournalCodec() {}

    /** The bytes that the hash chain covers. */
    public static byte[] encodeEvent(CommittedTransaction commit, byte[] salt) {
        CommittedEvent.Builder event = CommittedEvent.newBuilder()
                .setCommitTs(commit.commitTs().value())
                .setWallMs(commit.wallMillis())
                .setTxnId(commit.txnId().value())
                .setOrigin(Stored.toStored(commit.origin()));
        int position = 0;
        for (Event fact : commit.events()) {
            event.addOperations(toStored(fact, salt, position++));
        }
        for (ReadRecord read : commit.readSet()) {
            event.addReadSet(Stored.toStored(read));
        }
        return event.build().toByteArray();
    }

    public static byte[] encodeRow(CommittedTransaction commit, byte[] event, byte[] salt, Journal.Hashes hashes) {
        JournalRow.Builder row = JournalRow.newBuilder()
                .setEvent(UnsafeByteOperations.unsafeWrap(event))
                .setChainHash(UnsafeByteOperations.unsafeWrap(hashes.chain()))
                .setDigest(UnsafeByteOperations.unsafeWrap(hashes.digest().toBytes()))
                .setSalt(UnsafeByteOperations.unsafeWrap(salt));
        for (Event fact : commit.events()) {
            if (fact instanceof Event.EntryPut put) {
                row.addValues(Stored.wrap(put.value()));
            }
        }
        return row.build().toByteArray();
    }

    public static CommittedTransaction decode(byte[] bytes) {
        JournalRow row = row(bytes);
        CommittedEvent event = event(row);
        if (!isWhole(row, event)) {
            throw new StoreFailedException("commit " + event.getCommitTs() + " lacks a value in the journal");
        }
        return decode(row, event);
    }

    /** Whether there is a value for every put. */
    static boolean isWhole(JournalRow row, CommittedEvent event) {
        int puts = 0;
        for (CommittedOperation operation : event.getOperationsList()) {
            puts += operation.hasValueCommitment() ? 1 : 0;
        }
        return puts == row.getValuesCount();
    }

    static CommittedTransaction decode(JournalRow row, CommittedEvent event) {
        List<Event> facts = new ArrayList<>(event.getOperationsCount());
        Set<Integer> erased = Set.copyOf(row.getErasedList());
        int values = 0;
        for (CommittedOperation operation : event.getOperationsList()) {
            boolean isPut = operation.hasValueCommitment();
            ByteString value = isPut ? row.getValues(values++) : ByteString.EMPTY;
            facts.add(
                    erased.contains(facts.size())
                            ? new Event.EntryErased(Stored.toKey(operation.getKey()), operation.getVersion(), isPut)
                            : toEvent(operation, value));
        }
        return new CommittedTransaction(
                new CommitTs(event.getCommitTs()),
                event.getWallMs(),
                new TxnId(event.getTxnId()),
                facts,
                Stored.toReads(event.getReadSetList()),
                Stored.toOrigin(event.getOrigin()));
    }

    private static Event toEvent(CommittedOperation operation, ByteString value) {
        Key key = Stored.toKey(operation.getKey());
        return operation.hasValueCommitment()
                ? new Event.EntryPut(key, operation.getVersion(), Stored.json(value), operation.getExpiresMs())
                : new Event.EntryDeleted(key, operation.getVersion(), operation.getExpired());
    }

    /** The versions that a commit made, without their values. */
    public static List<MadeVersion> decodeVersions(byte[] bytes) {
        return event(row(bytes)).getOperationsList().stream()
                .map(JournalCodec::toVersion)
                .toList();
    }

    private static MadeVersion toVersion(CommittedOperation operation) {
        return new MadeVersion(Stored.toKey(operation.getKey()), operation.getVersion());
    }

    /** A row without the values of some of its versions. The salt proves the values that are left, and goes with the last. */
    public static byte[] erase(byte[] bytes, Set<MadeVersion> gone) {
        JournalRow row = row(bytes);
        JournalRow.Builder left = row.toBuilder().clearErased();
        Set<Integer> erased = Set.copyOf(row.getErasedList());
        int position = 0;
        int values = 0;
        boolean isAnyValueLeft = false;
        for (CommittedOperation operation : event(row).getOperationsList()) {
            boolean isGone = erased.contains(position) || gone.contains(toVersion(operation));
            if (isGone) {
                left.addErased(position);
            }
            if (operation.hasValueCommitment()) {
                isAnyValueLeft |= !isGone;
                left.setValues(values, isGone ? ByteString.EMPTY : row.getValues(values));
                values++;
            }
            position++;
        }
        return (isAnyValueLeft ? left : left.clearSalt()).build().toByteArray();
    }

    public static long decodeWallMillis(byte[] bytes) {
        return event(row(bytes)).getWallMs();
    }

    /** The digest with a commit; null in a row of a release that kept none. */
    public static @Nullable StateDigest decodeDigest(byte[] bytes) {
        return digestOf(row(bytes));
    }

    static @Nullable StateDigest digestOf(JournalRow row) {
        ByteString digest = row.getDigest();
        return digest.size() == StateDigest.BYTES ? StateDigest.ofBytes(digest.toByteArray()) : null;
    }

    public static TxnId decodeTxnId(byte[] bytes) {
        return new TxnId(event(row(bytes)).getTxnId());
    }

    private static JournalRow row(byte[] bytes) {
        return Stored.parse(JournalRow.parser(), bytes, "a row of the journal");
    }

    private static CommittedEvent event(JournalRow row) {
        return Stored.parse(CommittedEvent.parser(), row.getEvent().newCodedInput(), "an event of the journal");
    }

    private static CommittedOperation.Builder toStored(Event fact, byte[] salt, int position) {
        CommittedOperation.Builder stored = CommittedOperation.newBuilder()
                .setKey(Stored.toStored(fact.key()))
                .setVersion(fact.version());
        return switch (fact) {
            case Event.EntryPut put ->
                stored.setExpiresMs(put.expiresMillis())
                        .setValueCommitment(JournalRecord.commitment(
                                salt, position, put.value().sha256()));
            case Event.EntryDeleted deleted -> stored.setExpired(deleted.isExpiry());
            case Event.EntryErased erased -> throw new IllegalArgumentException("nobody commits an erased version");
        };
    }
}
