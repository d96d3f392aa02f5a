package io.statehouse.node.service;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts a key or an agent back to what it was, by a transaction like any other.
 *
 * <p>It puts or deletes the keys that differ, on the condition that the key or the whole agent is still as it was compared; so
 * a change in between is a conflict, that of a new key too, and history is only added to. A value comes back with the deadline
 * that it had; one whose deadline has passed does not come back. Its event carries a label that says what was asked, by which a
 * repetition under the same id is known again.
 */
public final class RevertService {
    /** The label of a revert's event. */
    public static final String LABEL = "statehouse.revert";

    /** The label that says in which namespace it was. */
    static final String NAMESPACE_LABEL = LABEL + ".namespace";

    private final StateService state;
    private final LimitGuard guard;
    private final int operationsMax;

    public RevertService(StateService state, StateService.Node node, Limits limits) {
        this.state = state;
        this.guard = node.guard();
        this.operationsMax = limits.transactionOperationsMax();
    }

    /**
     * What to put back.
     *
     * @param key null = the whole agent
     * @param toVersion what this version of the key held; 0 = what was held at the moment
     */
    public record Request(
            Agent agent, @Nullable String key, ReadPoint.Moment to, long toVersion, TxnId txnId, Origin origin) {
        /** In words, for the event. */
        private String text() {
            String point = toVersion > 0
                    ? "version " + toVersion
                    : switch (to) {
                        case ReadPoint.Moment.Present now -> "now";
                        case ReadPoint.Moment.AtCommit at -> "commit_ts " + at.commitTs();
                        case ReadPoint.Moment.AtWall at -> "wall_time_ms " + at.wallMillis();
                    };
            return (key == null ? agent.id() : agent.id() + " " + key) + " to " + point;
        }

        private Origin.Label label() {
            return new Origin.Label(LABEL, text());
        }

        private Origin.Label namespaceLabel() {
            return new Origin.Label(NAMESPACE_LABEL, agent.namespace());
        }

        /** Whether a commit is what this asks for. Those of earlier releases do not say where they were, but what they changed. */
        private boolean isMadeBy(CommittedTransaction commit) {
            List<Origin.Label> labels = commit.origin().labels();
            boolean saysWhere = labels.stream().anyMatch(label -> label.name().equals(NAMESPACE_LABEL));
            boolean isHere = saysWhere
                    ? labels.contains(namespaceLabel())
                    : commit.events().stream()
                            .allMatch(event -> event.key().agent().equals(agent));
            return isHere && labels.contains(label());
        }

        private Origin labelled() {
            List<Origin.Label> labels = new ArrayList<>(origin.labels());
            labels.add(label());
            labels.add(namespaceLabel());
            return new Origin(origin.actor(), origin.traceId(), labels);
        }
    }

    /** A committed revert and the keys it put or deleted. */
    public record Reverted(Reply.Committed reply, List<String> changedKeys) {
        public Reverted {
            changedKeys = List.copyOf(changedKeys);
        }
    }

    /** Reverts, or answers what an earlier call under the same id did. Every outcome but a commit fails the future. */
    public CompletableFuture<Reverted> revert(Caller caller, Request request) {
        check(request);
        return look(caller, request, ReadPoint.NOW, past -> begin(past, request))
                .exceptionallyCompose(failure ->
                        CompletableFuture.failedFuture(state.told(caller, request.txnId(), Refusals.of(failure))))
                .thenCompose(begun -> switch (begun) {
                    case Begun.Known known -> CompletableFuture.completedFuture(known.reverted());
                    case Begun.Comparing comparing -> compare(caller, request, comparing);
                });
    }

    private void check(Request request) {
        guard.check(request.agent());
        guard.check(request.txnId());
        String key = request.key();
        if (key != null) {
            guard.check(request.agent().key(key));
        }
        if (key == null && request.toVersion() != 0) {
            throw Refusals.invalid("to_version", "set without a key");
        }
        boolean hasPoint = !(request.to() instanceof ReadPoint.Moment.Present);
        if (hasPoint == (request.toVersion() != 0)) {
            throw Refusals.invalid("to", hasPoint ? "set together with to_version" : "empty");
        }
        if (request.origin().labels().stream().anyMatch(label -> label.name().startsWith(LABEL))) {
            throw Refusals.invalid("origin.labels", LABEL + " and " + NAMESPACE_LABEL + " are set by the server");
        }
    }

    private <T> CompletableFuture<T> look(Caller caller, Request request, ReadPoint point, Function<Past, T> question) {
        return state.look(caller, request.agent().namespace(), point, question);
    }

    /** How far a revert has come before it is committed. */
    private sealed interface Begun {
        /** This id was committed before. */
        record Known(Reverted reverted) implements Begun {}

        /**
         * The moments are chosen and some keys compared.
         *
         * @param guard what must still hold when it is committed
         * @param from only keys after this one are left; null = all of them, or none when it is over
         */
        record Comparing(
                CommitTs present,
                CommitTs target,
                Condition guard,
                List<Change> changes,
                @Nullable String from,
                boolean isOver)
                implements Begun {}
    }

    /** A key to put back to what it held, null = nothing. */
    private record Change(Key key, @Nullable Entry old) {
        private Operation operation() {
            Json value = old == null ? null : old.value();
            if (old == null || value == null) {
                return new Operation.Delete(key);
            }
            return old.expiresMillis() == 0
                    ? new Operation.Put(key, value)
                    : new Operation.Put(key, value, new Lifetime.Until(old.expiresMillis()));
        }

        /** A revert is made of what it restored, not of what was there before. */
        private ReadRecord read() {
            return new ReadRecord(key, old == null ? 0 : old.version());
        }
    }

    private static Begun begin(Past past, Request request) {
        Reverted known = known(past, request);
        if (known != null) {
            return new Begun.Known(known);
        }
        CommitTs now = past.present().at();
        String name = request.key();
        if (name == null) {
            var guard = new Condition.AgentUnchangedSince(request.agent(), now);
            return new Begun.Comparing(now, past.at(request.to()).at(), guard, List.of(), null, false);
        }
        Key key = request.agent().key(name);
        Entry old = request.toVersion() == 0
                ? past.at(request.to()).find(key)
                : past.present().findVersion(key, request.toVersion());
        if (old == null && request.toVersion() != 0) {
            throw Refusals.noVersion(key, request.toVersion(), now);
        }
        Entry current = past.present().find(key);
        var guard = new Condition.VersionEquals(key, current == null ? 0 : current.version());
        boolean isThere = isThere(current, old, past.present().wallMillis());
        return new Begun.Comparing(now, now, guard, isThere ? List.of() : List.of(new Change(key, old)), null, true);
    }

    /** Whether a key holds what is left of an old entry, with the same deadline. */
    private static boolean isThere(@Nullable Entry current, @Nullable Entry old, long nowMillis) {
        Entry left = old == null ? null : old.at(nowMillis);
        if (current == null || current.isTombstone() || left == null || left.isTombstone()) {
            return (current == null || current.isTombstone()) && (left == null || left.isTombstone());
        }
        return Objects.equals(current.value(), left.value()) && current.expiresMillis() == left.expiresMillis();
    }

    /** What the id stands for already; null = nothing yet. */
    private static @Nullable Reverted known(Past past, Request request) {
        Reply reply = past.fate(request.txnId());
        if (reply == null) {
            return null;
        }
        if (!(reply instanceof Reply.Committed committed)) {
            throw Refusals.of(request.txnId(), reply);
        }
        CommittedTransaction commit = past.commit(new JournalQuery.Scope.Whole(), committed.commitTs());
        if (commit == null || !request.isMadeBy(commit)) {
            throw Refusals.of(request.txnId(), new Reply.IdReused());
        }
        Reply.Committed again =
                new Reply.Committed(committed.commitTs(), committed.wallMillis(), committed.versions(), true);
        return new Reverted(
                again, commit.events().stream().map(event -> event.key().name()).toList());
    }

    private CompletableFuture<Reverted> compare(Caller caller, Request request, Begun.Comparing comparing) {
        if (comparing.changes().size() > operationsMax) {
            throw Refusals.limitExceeded(
                    "transactionOperationsMax",
                    operationsMax,
                    comparing.changes().size());
        }
        if (comparing.isOver()) {
            return commit(caller, request, comparing);
        }
        if (caller.isLate()) {
            throw Refusals.notReady("the comparison did not end in time");
        }
        ReadPoint here =
                new ReadPoint(new ReadPoint.Freshness.AtLeast(comparing.present()), new ReadPoint.Moment.Present());
        return look(caller, request, here, past -> goOn(past, request, comparing))
                .thenCompose(further -> compare(caller, request, further));
    }

    private static Begun.Comparing goOn(Past past, Request request, Begun.Comparing comparing) {
        var now = new EntryPairs.Side(past.at(comparing.present()), request.agent());
        var old = new EntryPairs.Side(past.at(comparing.target()), request.agent());
        long nowMillis = now.view().wallMillis();
        Page<EntryPairs.Pair> pairs =
                EntryPairs.step(now, old, comparing.from(), pair -> !isThere(pair.before(), pair.after(), nowMillis));
        List<Change> changes = new ArrayList<>(comparing.changes());
        for (EntryPairs.Pair pair : pairs.items()) {
            Key key = request.agent().key(pair.name());
            // Tombstones have versions too, and the read set must name them.
            changes.add(new Change(key, old.view().find(key)));
        }
        return new Begun.Comparing(
                comparing.present(),
                comparing.target(),
                comparing.guard(),
                changes,
                pairs.next(),
                pairs.next() == null);
    }

    private CompletableFuture<Reverted> commit(Caller caller, Request request, Begun.Comparing compared) {
        List<Change> changes = compared.changes();
        CommitTransaction transaction = new CommitTransaction(
                request.txnId(),
                changes.stream().map(Change::operation).toList(),
                List.of(compared.guard()),
                changes.stream().map(Change::read).toList(),
                request.labelled());
        List<String> names = changes.stream().map(change -> change.key().name()).toList();
        return state.commit(caller, transaction)
                .thenApply(committed -> new Reverted(committed, names))
                .exceptionallyCompose(failure -> settle(caller, request, failure));
    }

    /** An earlier try under this id may have been committed while this one compared. */
    private CompletableFuture<Reverted> settle(Caller caller, Request request, Throwable failure) {
        if (Refusals.of(failure).kind() != ErrorKind.TXN_ID_REUSED) {
            return CompletableFuture.failedFuture(failure);
        }
        return look(caller, request, ReadPoint.NOW, past -> begin(past, request))
                .thenCompose(begun -> begun instanceof Begun.Known known
                        ? CompletableFuture.completedFuture(known.reverted())
                        : CompletableFuture.failedFuture(failure));
    }
}
