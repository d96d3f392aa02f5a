package io.statehouse.cluster.check.toy;

import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys with all their versions, and the journal that made them. Can be copied, and taken back to what it was. */
final class ToyState {
    private final Map<Key, List<Cell>> cells = new LinkedHashMap<>();
    private final Map<TxnId, Answered> ledger = new HashMap<>();
    private final List<ReplayedCommit> journal = new ArrayList<>();
    private long commitTs;

    /** One version of a key. */
    record Cell(@Nullable Json value, long version, long commitTs) {
        static final Cell NOTHING = new Cell(null, 0, 0);
    }

    /** What a transaction id asked for and was answered. */
    record Answered(Request asked, Response answer) {}

    ToyState copy() {
        ToyState copy = new ToyState();
        cells.forEach((key, versions) -> copy.cells.put(key, new ArrayList<>(versions)));
        copy.ledger.putAll(ledger);
        copy.journal.addAll(journal);
        copy.commitTs = commitTs;
        return copy;
    }

    long commitTs() {
        return commitTs;
    }

    void setCommitTs(long value) {
        commitTs = value;
    }

    List<ReplayedCommit> journal() {
        return journal;
    }

    Map<TxnId, Answered> ledger() {
        return ledger;
    }

    Iterable<Key> keys() {
        return cells.keySet();
    }

    Cell at(Key key, long point) {
        List<Cell> versions = cells.getOrDefault(key, List.of());
        for (Cell cell : versions.reversed()) {
            if (cell.commitTs() <= point) {
                return cell;
            }
        }
        return Cell.NOTHING;
    }

    /** Applies operations as the next commit and returns the versions they made. */
    List<Long> commit(TxnId id, List<Operation> operations, long versionStep) {
        commitTs++;
        List<Event> events = new ArrayList<>();
        List<Long> versions = new ArrayList<>();
        for (Operation operation : operations) {
            Key key = operation.key();
            long version = at(key, Long.MAX_VALUE).version() + versionStep;
            versions.add(version);
            Json value = operation instanceof Operation.Put put ? put.value() : null;
            cells.computeIfAbsent(key, unused -> new ArrayList<>()).add(new Cell(value, version, commitTs));
            events.add(value == null ? new Event.EntryDeleted(key, version) : new Event.EntryPut(key, version, value));
        }
        journal.add(new ReplayedCommit(new CommitTs(commitTs), 1_000 + commitTs / 2, id, events));
        return versions;
    }
}
