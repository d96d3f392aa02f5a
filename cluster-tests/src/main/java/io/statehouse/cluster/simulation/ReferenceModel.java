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
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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

    private static final int EXPIRED_PER_COMMAND = 64;
    private static final int EXPIRED_BY_TICK = 1_000;

    private final Limits limits;
    private final Map<Key, List<Version>> versions = new LinkedHashMap<>();
    private final Map<TxnId, Kept> replies = new HashMap<>();
    private final TreeSet<Deadline> deadlines = new TreeSet<>(
            Comparator.comparingLong(Deadline::millis).thenComparing(Deadline::key, ReferenceModel::compareBytes));
    private final List<Long> wallByCommit = new ArrayList<>(List.of(0L));
    private final List<List<Event>> eventsByCommit = new ArrayList<>(List.of(List.of()));
    private long logWallMillis;

    /** One version of a key; without a value it is a tombstone. A deadline of 0 is none. */
    record Version(
            long number, CommitTs commitTs, @Nullable Json value, long wallMillis, TxnId txnId, long expiresMillis) {
        /** What a view of a wall time shows of it. */
        @Nullable
        Json valueAt(long wallMillis) {
            return expiresMillis != 0 && expiresMillis <= wallMillis ? null : value;
        }
    }

    private record Deadline(long millis, Key key) {}

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

    /** Wall time of a commit. */
    long wallMillis(CommitTs at) {
        return wallByCommit.get((int) at.value());
    }

    private static int compareBytes(Key one, Key other) {
        return Comparator.comparing((Key key) -> utf8(key.agent().namespace()), Arrays::compareUnsigned)
                .thenComparing(key -> utf8(key.agent().id()), Arrays::compareUnsigned)
                .thenComparing(key -> utf8(key.name()), Arrays::compareUnsigned)
                .compare(one, other);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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
        boolean isTick = command instanceof ExpireDue || command instanceof RetainDue;
        expireDue(isTick ? EXPIRED_BY_TICK : EXPIRED_PER_COMMAND);
        if (isTick || command instanceof CheckDigest || command instanceof RaiseFeatureLevel) {
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
        Reply reply = command instanceof CommitTransaction commit
                ? commit(commit)
                : command instanceof SetRetention ? new Reply.RetentionSet() : new Reply.Aborted();
        replies.put(command.txnId(), new Kept(command, reply, logWallMillis));
        return reply;
    }

    private static Reply again(Command command, Kept kept) {
        boolean isEitherNothing = command instanceof ResolveTransaction || kept.command instanceof ResolveTransaction;
        if (!isEitherNothing && !isSame(command, kept.command)) {
            return new Reply.IdReused();
        }
        return kept.reply instanceof Reply.Committed committed
                ? new Reply.Committed(committed.commitTs(), committed.wallMillis(), committed.versions(), true)
                : kept.reply;
    }

    private static boolean isSame(Command asked, Command before) {
        if (asked instanceof CommitTransaction one && before instanceof CommitTransaction other) {
            return one.operations().equals(other.operations())
                    && one.conditions().equals(other.conditions())
                    && one.readSet().equals(other.readSet());
        }
        return asked.equals(before);
    }

    /** Keys whose deadline has come lose their values by a commit of its own, the earliest first. */
    private void expireDue(int rowsMax) {
        CommitTs at = latest().next();
        List<Event> events = new ArrayList<>();
        for (int rows = 0; rows < rowsMax && !deadlines.isEmpty(); rows++) {
            Deadline next = deadlines.first();
            if (next.millis > logWallMillis) {
                break;
            }
            deadlines.remove(next);
            Version latest = last(next.key);
            if (latest != null && latest.expiresMillis == next.millis) {
                events.add(new Event.EntryDeleted(next.key, latest.number + 1, true));
            }
        }
        if (!events.isEmpty()) {
            wallByCommit.add(logWallMillis);
            eventsByCommit.add(List.copyOf(events));
            events.forEach(event -> add(
                    event.key(), new Version(event.version(), at, null, logWallMillis, new TxnId("expiry-" + at), 0)));
        }
    }

    private void add(Key key, Version version) {
        versions.computeIfAbsent(key, ignored -> new ArrayList<>()).add(version);
    }

    private Reply commit(CommitTransaction commit) {
        if (commit.operations().size() > limits.transactionOperationsMax()) {
            return new Reply.LimitExceeded(
                    "transactionOperationsMax",
                    limits.transactionOperationsMax(),
                    commit.operations().size());
        }
        for (Operation operation : commit.operations()) {
            long bytes = switch (operation) {
                case Operation.Put put -> put.value().length();
                case Operation.Append append -> append.value().length();
                case Operation.Edit edit -> edit.argument().length();
                case Operation.Delete delete -> 0;
            };
            if (bytes > limits.valueBytesMax()) {
                return new Reply.LimitExceeded("valueBytesMax", limits.valueBytesMax(), bytes);
            }
        }
        for (int i = 0; i < commit.conditions().size(); i++) {
            Condition condition = commit.conditions().get(i);
            if (condition instanceof Condition.AgentUnchangedSince since) {
                Reply conflict = conflict(since, i);
                if (conflict != null) {
                    return conflict;
                }
                continue;
            }
            Version latest = last(condition.key());
            if (!holds(condition, latest, logWallMillis)) {
                return new Reply.Conflict(
                        condition.key(),
                        i,
                        latest == null ? 0 : latest.number,
                        latest == null ? CommitTs.ZERO : latest.commitTs);
            }
        }
        return apply(commit);
    }

    private @Nullable Reply conflict(Condition.AgentUnchangedSince condition, int index) {
        for (long at = condition.commitTs().value() + 1; at < eventsByCommit.size(); at++) {
            for (Event event : eventsByCommit.get((int) at)) {
                if (event.key().agent().equals(condition.agent())) {
                    return new Reply.Conflict(event.key(), index, event.version(), new CommitTs(at));
                }
            }
        }
        return null;
    }

    private Reply apply(CommitTransaction commit) {
        CommitTs at = latest().next();
        Making making = new Making(this::last, logWallMillis, limits);
        Reply refused = making.all(commit.operations());
        if (refused != null) {
            return refused;
        }
        wallByCommit.add(logWallMillis);
        for (Event event : making.events()) {
            Json value = event instanceof Event.EntryPut put ? put.value() : null;
            long expires = event instanceof Event.EntryPut put ? put.expiresMillis() : 0;
            if (expires != 0) {
                deadlines.add(new Deadline(expires, event.key()));
            }
            add(event.key(), new Version(event.version(), at, value, logWallMillis, commit.txnId(), expires));
        }
        eventsByCommit.add(making.events());
        return new Reply.Committed(at, logWallMillis, making.versions(), false);
    }

    private @Nullable Version last(Key key) {
        List<Version> all = versions.get(key);
        return all == null ? null : all.get(all.size() - 1);
    }

    private static boolean holds(Condition condition, @Nullable Version latest, long nowMillis) {
        boolean hasValue = latest != null && latest.valueAt(nowMillis) != null;
        return switch (condition) {
            case Condition.VersionEquals wanted -> wanted.version() == (latest == null ? 0 : latest.number);
            case Condition.Exists exists -> hasValue;
            case Condition.Absent absent -> !hasValue;
            case Condition.UnchangedSince since -> latest == null || !latest.commitTs.isAfter(since.commitTs());
            case Condition.AgentUnchangedSince since -> throw new IllegalArgumentException("not about one key");
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
