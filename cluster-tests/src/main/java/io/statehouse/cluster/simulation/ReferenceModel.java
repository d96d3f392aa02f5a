package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the store must do, in the plainest words: lists of versions by key and a map of replies, kept for ever. It knows the
 * contract and nothing of tables, units or codecs.
 */
final class ReferenceModel {
    private static final int UUID_CHARS = 36;
    private static final int TIME_SHIFT = 16;
    private static final int VERSION_WITH_TIME = 7;

    private final Limits limits;
    private final Map<Key, List<Version>> versions = new LinkedHashMap<>();
    private final Map<TxnId, Kept> replies = new HashMap<>();
    private final List<Long> wallByCommit = new ArrayList<>(List.of(0L));
    private final List<List<Event>> eventsByCommit = new ArrayList<>(List.of(List.of()));
    private long logWallMillis;

    /** One version of a key; without a value it is a tombstone. */
    record Version(long number, CommitTs commitTs, @Nullable Json value, long wallMillis, TxnId txnId) {}

    private record Kept(Command command, Reply reply, long wallMillis) {}

    ReferenceModel(Limits limits) {
        this.limits = limits;
    }

    /** The replies that every replica must give to a batch. */
    List<Reply> execute(LoggedBatch batch) {
        logWallMillis = Math.max(logWallMillis, batch.stamp().proposedWallMillis());
        return batch.commands().stream().map(this::execute).toList();
    }

    CommitTs latest() {
        return new CommitTs(wallByCommit.size() - 1L);
    }

    long logWallMillis() {
        return logWallMillis;
    }

    Map<Key, List<Version>> versions() {
        return versions;
    }

    /** What a commit did, in its order; nothing for one that has not happened. */
    List<Event> eventsOf(CommitTs at) {
        return at.isAfter(latest()) ? List.of() : eventsByCommit.get((int) at.value());
    }

    /** The version of a key that was the latest as of a commit; null when there was none. */
    static @Nullable Version asOf(List<Version> versions, CommitTs at) {
        Version found = null;
        for (Version version : versions) {
            if (!version.commitTs.isAfter(at)) {
                found = version;
            }
        }
        return found;
    }

    /** The last commit at or before an instant. */
    CommitTs latestAt(long wallMillis) {
        long found = 0;
        for (int commit = 1; commit < wallByCommit.size() && wallByCommit.get(commit) <= wallMillis; commit++) {
            found = commit;
        }
        return new CommitTs(found);
    }

    private Reply execute(Command command) {
        if (command instanceof CheckDigest) {
            return new Reply.Done();
        }
        Kept kept = replies.get(command.txnId());
        long oldest = logWallMillis - limits.txnIdRetention().toMillis();
        if (kept != null && kept.wallMillis >= oldest) {
            return again(command, kept);
        }
        long madeAt = madeAtMillis(command.txnId());
        if (madeAt >= 0 && madeAt < oldest) {
            return new Reply.IdExpired(madeAt, oldest);
        }
        Reply reply = command instanceof CommitTransaction commit ? commit(commit) : new Reply.Aborted();
        replies.put(command.txnId(), new Kept(command, reply, logWallMillis));
        return reply;
    }

    private static Reply again(Command command, Kept kept) {
        boolean isOther = command instanceof CommitTransaction asked
                && kept.command instanceof CommitTransaction before
                && !(asked.operations().equals(before.operations())
                        && asked.conditions().equals(before.conditions())
                        && asked.readSet().equals(before.readSet()));
        if (isOther) {
            return new Reply.IdReused();
        }
        return kept.reply instanceof Reply.Committed committed
                ? new Reply.Committed(committed.commitTs(), committed.wallMillis(), committed.versions(), true)
                : kept.reply;
    }

    private Reply commit(CommitTransaction commit) {
        if (commit.operations().size() > limits.transactionOperationsMax()) {
            return new Reply.LimitExceeded(
                    "transactionOperationsMax",
                    limits.transactionOperationsMax(),
                    commit.operations().size());
        }
        for (Operation operation : commit.operations()) {
            if (operation instanceof Operation.Put put && put.value().length() > limits.valueBytesMax()) {
                return new Reply.LimitExceeded(
                        "valueBytesMax", limits.valueBytesMax(), put.value().length());
            }
        }
        for (int i = 0; i < commit.conditions().size(); i++) {
            Condition condition = commit.conditions().get(i);
            Version latest = last(condition.key());
            if (!holds(condition, latest)) {
                return new Reply.Conflict(
                        condition.key(),
                        i,
                        latest == null ? 0 : latest.number,
                        latest == null ? CommitTs.ZERO : latest.commitTs);
            }
        }
        return apply(commit);
    }

    private Reply apply(CommitTransaction commit) {
        CommitTs at = latest().next();
        wallByCommit.add(logWallMillis);
        List<Long> made = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (Operation operation : commit.operations()) {
            Version latest = last(operation.key());
            long number = latest == null ? 1 : latest.number + 1;
            Json value = operation instanceof Operation.Put put ? put.value() : null;
            versions.computeIfAbsent(operation.key(), key -> new ArrayList<>())
                    .add(new Version(number, at, value, logWallMillis, commit.txnId()));
            made.add(number);
            events.add(
                    value == null
                            ? new Event.EntryDeleted(operation.key(), number)
                            : new Event.EntryPut(operation.key(), number, value));
        }
        eventsByCommit.add(List.copyOf(events));
        return new Reply.Committed(at, logWallMillis, made, false);
    }

    private @Nullable Version last(Key key) {
        List<Version> all = versions.get(key);
        return all == null ? null : all.get(all.size() - 1);
    }

    private static boolean holds(Condition condition, @Nullable Version latest) {
        boolean hasValue = latest != null && latest.value != null;
        return switch (condition) {
            case Condition.VersionEquals wanted -> wanted.version() == (latest == null ? 0 : latest.number);
            case Condition.Exists exists -> hasValue;
            case Condition.Absent absent -> !hasValue;
            case Condition.UnchangedSince since -> latest == null || !latest.commitTs.isAfter(since.commitTs());
        };
    }

    /** The time in an id of the shape UUIDv7; -1 in any other. */
    private static long madeAtMillis(TxnId id) {
        if (id.value().length() < UUID_CHARS) {
            return -1;
        }
        try {
            UUID uuid = UUID.fromString(id.value().substring(0, UUID_CHARS));
            return uuid.version() == VERSION_WITH_TIME ? uuid.getMostSignificantBits() >>> TIME_SHIFT : -1;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }
}
