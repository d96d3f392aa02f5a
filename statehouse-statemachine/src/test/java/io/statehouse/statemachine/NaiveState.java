package io.statehouse.statemachine;

import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.decide.RequestRules;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the core must do, written down as simply as possible: a list of versions per key, a list of commits, a map of replies. */
final class NaiveState {
    private static final Comparator<String> UTF8 = (left, right) -> java.util.Arrays.compareUnsigned(
            left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    private static final Comparator<Key> BY_BYTES = Comparator.comparing(
                    (Key key) -> key.agent().namespace(), UTF8)
            .thenComparing(key -> key.agent().id(), UTF8)
            .thenComparing(Key::name, UTF8);

    private record Deadline(long millis, Key key) {}

    private record Kept(@Nullable Command asked, long wallMillis, Reply reply) {}

    final TreeMap<Key, List<Entry>> histories = new TreeMap<>(BY_BYTES);
    final List<CommittedTransaction> commits = new ArrayList<>();
    private final TreeSet<Deadline> deadlines =
            new TreeSet<>(Comparator.comparingLong(Deadline::millis).thenComparing(Deadline::key, BY_BYTES));
    private final Map<TxnId, Kept> kept = new HashMap<>();
    private final Map<String, String> tokens = new HashMap<>();
    private final NaiveQuotas quotas = new NaiveQuotas();
    private final Limits limits;
    private long logMillis;

    NaiveState(Limits limits) {
        this.limits = limits;
    }

    List<Reply> execute(LoggedBatch batch) {
        logMillis = Math.max(logMillis, batch.stamp().proposedWallMillis());
        return batch.commands().stream().map(this::execute).toList();
    }

    @Nullable
    Entry find(Key key, CommitTs at) {
        Entry found = null;
        for (Entry entry : histories.getOrDefault(key, List.of())) {
            found = entry.commitTs().isAfter(at) ? found : entry;
        }
        if (found == null || found.expiresMillis() == 0 || found.expiresMillis() > wallMillis(at)) {
            return found;
        }
        return new Entry(
                null, found.version(), found.commitTs(), found.wallMillis(), found.txnId(), found.expiresMillis());
    }

    private long wallMillis(CommitTs at) {
        return at.equals(CommitTs.ZERO) ? 0 : commits.get((int) at.value() - 1).wallMillis();
    }

    @Nullable
    Reply fate(TxnId id) {
        Kept known = known(id);
        return known == null ? null : again(known.reply());
    }

    private Reply execute(Command command) {
        boolean isTick = command instanceof ExpireDue || command instanceof RetainDue;
        expireDue(isTick ? 1_000 : 64);
        if (command instanceof RetainDue) {
            quotas.tick();
        }
        if (isTick || command instanceof CheckDigest || command instanceof RaiseFeatureLevel) {
            return new Reply.Done();
        }
        Reply unusable = new RequestRules(limits).firstBroken(command.txnId());
        if (unusable != null) {
            return unusable;
        }
        Kept known = known(command.txnId());
        if (known != null) {
            return isOther(command, known) ? new Reply.IdReused() : again(known.reply());
        }
        Reply expired = expired(command.txnId());
        if (expired != null) {
            return expired;
        }
        return switch (command) {
            case CommitTransaction commit -> keep(commit, commit, decide(commit));
            case CheckDigest check -> new Reply.Done();
            case ExpireDue due -> new Reply.Done();
            case RetainDue due -> new Reply.Done();
            case RaiseFeatureLevel raise -> new Reply.Done();
            case SetRetention set -> keep(set, set, set(set));
            case SetQuota set -> keep(set, set, set(set));
            case CreateToken create -> keep(create, create, create(create));
            case RevokeToken revoke -> keep(revoke, revoke, revoke(revoke));
            case ResolveTransaction resolve -> keep(resolve, null, new Reply.Aborted());
        };
    }

    private Reply create(CreateToken create) {
        Reply broken = new RequestRules(limits).firstBroken(create);
        if (broken != null) {
            return broken;
        }
        return tokens.putIfAbsent(create.token().name(), create.token().secretSha256()) == null
                ? new Reply.TokensChanged()
                : new Reply.Invalid("name", "a token of this name exists");
    }

    private Reply revoke(RevokeToken revoke) {
        Reply broken = new RequestRules(limits).firstBroken(revoke);
        if (broken == null) {
            tokens.computeIfPresent(
                    revoke.name(),
                    (name, secret) -> revoke.secretSha256().isEmpty()
                                    || revoke.secretSha256().equals(secret)
                            ? null
                            : secret);
        }
        return broken == null ? new Reply.TokensChanged() : broken;
    }

    private Reply set(SetQuota set) {
        Reply broken = new RequestRules(limits).firstBroken(set);
        if (broken == null) {
            quotas.set(set);
        }
        return broken == null ? new Reply.RetentionSet() : broken;
    }

    private Reply set(SetRetention set) {
        Reply broken = new RequestRules(limits).firstBroken(set);
        return broken == null ? new Reply.RetentionSet() : broken;
    }

    private Reply keep(Command command, @Nullable Command asked, Reply reply) {
        kept.put(command.txnId(), new Kept(asked, logMillis, reply));
        return reply;
    }

    private @Nullable Kept known(TxnId id) {
        Kept known = kept.get(id);
        return known == null || known.wallMillis() < oldestMillis() ? null : known;
    }

    private long oldestMillis() {
        return logMillis - limits.txnIdRetention().toMillis();
    }

    private @Nullable Reply expired(TxnId id) {
        if (!id.value().matches("[0-9a-f]{8}-[0-9a-f]{4}-7.*")) {
            return null;
        }
        long madeAt = Long.parseLong(id.value().replace("-", "").substring(0, 12), 16);
        return madeAt < oldestMillis() ? new Reply.IdExpired(madeAt, oldestMillis()) : null;
    }

    private static boolean isOther(Command command, Kept known) {
        return !(command instanceof ResolveTransaction)
                && known.asked() != null
                && !sameRequest(command, known.asked());
    }

    private static boolean sameRequest(Command one, Command other) {
        if (one instanceof CommitTransaction commit && other instanceof CommitTransaction before) {
            return commit.operations().equals(before.operations())
                    && commit.conditions().equals(before.conditions())
                    && commit.readSet().equals(before.readSet());
        }
        return one.equals(other);
    }

    private static Reply again(Reply reply) {
        return reply instanceof Reply.Committed done
                ? new Reply.Committed(done.commitTs(), done.wallMillis(), done.versions(), true)
                : reply;
    }

    private Reply decide(CommitTransaction commit) {
        Reply broken = new RequestRules(limits).firstBroken(commit);
        if (broken != null) {
            return broken;
        }
        for (int index = 0; index < commit.conditions().size(); index++) {
            Condition condition = commit.conditions().get(index);
            List<Entry> history = histories.getOrDefault(condition.key(), List.of());
            if (condition instanceof Condition.AgentUnchangedSince since) {
                Reply conflict = conflict(since, index);
                if (conflict != null) {
                    return conflict;
                }
            } else if (!holds(condition, history)) {
                CommitTs at =
                        history.isEmpty() ? CommitTs.ZERO : history.getLast().commitTs();
                return new Reply.Conflict(condition.key(), index, history.size(), at);
            }
        }
        return apply(commit);
    }

    private @Nullable Reply conflict(Condition.AgentUnchangedSince condition, int index) {
        for (CommittedTransaction commit : commits) {
            for (Event event : commit.events()) {
                if (commit.commitTs().isAfter(condition.commitTs())
                        && event.key().agent().equals(condition.agent())) {
                    return new Reply.Conflict(event.key(), index, event.version(), commit.commitTs());
                }
            }
        }
        return null;
    }

    private boolean holds(Condition condition, List<Entry> history) {
        boolean hasValue = !history.isEmpty()
                && !history.getLast().isTombstone()
                && (history.getLast().expiresMillis() == 0 || history.getLast().expiresMillis() > logMillis);
        return switch (condition) {
            case Condition.VersionEquals wanted -> history.size() == wanted.version();
            case Condition.Exists exists -> hasValue;
            case Condition.Absent absent -> !hasValue;
            case Condition.UnchangedSince since ->
                history.isEmpty() || !history.getLast().commitTs().isAfter(since.commitTs());
            case Condition.AgentUnchangedSince since -> throw new IllegalArgumentException("not about one key");
        };
    }

    private void expireDue(int rowsMax) {
        List<Event> events = new ArrayList<>();
        CommitTs at = new CommitTs(commits.size() + 1);
        TxnId id = new TxnId("expiry-" + at);
        for (int rows = 0; rows < rowsMax && !deadlines.isEmpty(); rows++) {
            Deadline next = deadlines.first();
            if (next.millis() > logMillis) {
                break;
            }
            deadlines.remove(next);
            List<Entry> history = histories.getOrDefault(next.key(), List.of());
            if (history.getLast().expiresMillis() == next.millis()) {
                events.add(new Event.EntryDeleted(next.key(), history.size() + 1L, true));
            }
        }
        for (Event event : events) {
            histories.getOrDefault(event.key(), List.of()).add(new Entry(null, event.version(), at, logMillis, id));
        }
        if (!events.isEmpty()) {
            commits.add(new CommittedTransaction(at, logMillis, id, events, List.of(), Origin.NONE));
        }
    }

    /** When the key loses the value; 0 = never, -1 = it has already. */
    private long expires(Lifetime lifetime) {
        if (lifetime instanceof Lifetime.Until until) {
            return until.wallMillis() > logMillis ? until.wallMillis() : -1;
        }
        return lifetime instanceof Lifetime.Lasting lasting ? logMillis + lasting.millis() : 0;
    }

    private Reply apply(CommitTransaction commit) {
        NaiveMaking making = new NaiveMaking(key -> histories.getOrDefault(key, List.of()), logMillis, limits);
        List<Long> versions = new ArrayList<>();
        for (Operation operation : commit.operations()) {
            versions.add(making.versionOf(operation.key()) + 1);
            Reply refused = switch (operation) {
                case Operation.Put put -> making.put(put.key(), put.value(), expires(put.lifetime()));
                case Operation.Delete delete -> making.put(delete.key(), null, 0);
                case Operation.Append append -> making.append(append, expires(append.lifetime()));
                case Operation.Edit edit -> making.edit(edit, versions.size() - 1);
            };
            if (refused != null) {
                return refused;
            }
        }
        List<Event> events = making.made().stream().map(NaiveMaking.Made::event).toList();
        Reply passed = quotas.firstPassed(events, histories);
        if (passed != null) {
            return passed;
        }
        CommitTs at = new CommitTs(commits.size() + 1);
        for (NaiveMaking.Made made : making.made()) {
            if (made.expires() != 0) {
                deadlines.add(new Deadline(made.expires(), made.key()));
            }
            histories
                    .computeIfAbsent(made.key(), key -> new ArrayList<>())
                    .add(new Entry(made.value(), made.version(), at, logMillis, commit.txnId(), made.expires()));
        }
        commits.add(new CommittedTransaction(at, logMillis, commit.txnId(), events, commit.readSet(), commit.origin()));
        return new Reply.Committed(at, logMillis, versions, false);
    }
}
