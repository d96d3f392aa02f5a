package io.statehouse.node.service;

import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.metrics.NodeMetrics;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.decide.Reply;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The verbs of staged transactions on their home node: begin, write, delete, commit, abort. */
public final class TransactionService {
    private final StateService state;
    private final AccessPolicy policy;
    private final LimitGuard guard;
    private final NodeLimits limits;
    private final NodeMetrics metrics;
    private final StagedTransactions staged;

    public TransactionService(
            StateService state, StateService.Node node, NodeLimits limits, NodeMetrics metrics, Home home) {
        this.state = state;
        this.policy = node.policy();
        this.guard = node.guard();
        this.limits = limits;
        this.metrics = metrics;
        this.staged = new StagedTransactions(
                limits,
                guard,
                home.nanoTime(),
                () -> StagedTxnId.make(home.clock().millis(), home.random(), home.nodeId()));
        metrics.watchStaged(staged::count, staged::bytes);
    }

    /** Where the transactions live, and the time and chance they live by. */
    public record Home(String nodeId, Clock clock, LongSupplier nanoTime, RandomGenerator random) {}

    /** Begins a transaction; without a timeout it lives for the configured time. */
    public TxnId begin(Caller caller, @Nullable Duration timeout, Origin origin) {
        policy.require(caller, Role.WRITER, null);
        guard.check(origin);
        if (timeout != null && timeout.compareTo(limits.txTimeoutMax()) > 0) {
            throw Refusals.limitExceeded(
                    "txTimeoutMaxMillis", limits.txTimeoutMax().toMillis(), timeout.toMillis());
        }
        return staged.begin(timeout == null ? limits.txTimeout() : timeout, origin);
    }

    /** Stages a put. */
    public void write(Caller caller, TxnId id, Key key, Json value) {
        stage(caller, id, new Operation.Put(key, value));
    }

    /** Stages a delete. */
    public void delete(Caller caller, TxnId id, Key key) {
        stage(caller, id, new Operation.Delete(key));
    }

    private void stage(Caller caller, TxnId id, Operation operation) {
        policy.require(
                caller, Role.WRITER, operation.key().agent().namespace(), new AccessPolicy.About(id, operation.key()));
        guard.check(id);
        guard.check(operation);
        staged.add(id, operation);
    }

    /** Commits what was staged. Every outcome but a commit fails the future. */
    public CompletableFuture<Reply.Committed> commit(Caller caller, TxnId id) {
        guard.check(id);
        return switch (staged.startCommit(id)) {
            case StagedTransactions.Found.Ready ready -> commit(caller, ready.transaction());
            case StagedTransactions.Found.Doubtful doubtful ->
                state.resolve(caller, id).thenCompose(fate -> fail(unless(fate, id, Refusals.expired(id))));
            case StagedTransactions.Found.Unknown unknown -> commitUnknown(caller, id);
        };
    }

    private CompletableFuture<Reply.Committed> commit(Caller caller, CommitTransaction transaction) {
        TxnId id = transaction.txnId();
        CompletableFuture<Reply.Committed> answer;
        try {
            answer = state.commit(caller, transaction);
        } catch (ServiceException refusal) {
            staged.reopen(id);
            throw refusal;
        }
        return answer.whenComplete((committed, failure) -> {
            if (failure == null) {
                staged.end(id, new StagedTransactions.Ended.Committed(committed.commitTs()));
            } else {
                settle(id, Refusals.of(failure));
            }
        });
    }

    private void settle(TxnId id, ServiceException refusal) {
        switch (refusal.kind()) {
            // Definitely not proposed: the client may commit again before the timeout.
            case NOT_LEADER, NOT_READY, OVERLOADED, STORAGE_FULL, UNAUTHENTICATED, PERMISSION_DENIED ->
                staged.reopen(id);
            // Decided and kept under the id: nothing else can become of it.
            case INVALID_REQUEST,
                    LIMIT_EXCEEDED,
                    QUOTA_EXCEEDED,
                    CONFLICT,
                    FENCED,
                    NOT_APPLICABLE,
                    NOT_FOUND,
                    RULE_BROKEN,
                    VERSION_NOT_FOUND,
                    TXN_NOT_FOUND,
                    TXN_EXPIRED,
                    TXN_ALREADY_COMMITTED,
                    TXN_ABORTED,
                    TXN_ID_REUSED,
                    TXN_ID_EXPIRED,
                    TXN_LOST,
                    COMPACTED,
                    CHANGE_REFUSED,
                    FUTURE_POINT -> staged.end(id, new StagedTransactions.Ended.Aborted());
            case OUTCOME_UNKNOWN, STORAGE_ERROR, INTERNAL_ERROR -> {
                metrics.outcomeUnknown();
                staged.doubt(id);
            }
        }
    }

    /** Neither staged nor remembered here: the ledger knows, or nobody does. */
    private CompletableFuture<Reply.Committed> commitUnknown(Caller caller, TxnId id) {
        if (StagedTxnId.homeOf(id.value()) != null) {
            // Lost by a restart, or its commit is still on its way: only the log can say so for good.
            return state.resolve(caller, id).thenCompose(fate -> fail(unless(fate, id, Refusals.notFound(id))));
        }
        return state.fate(caller, id).thenCompose(fate -> fail(told(fate, id)));
    }

    /** The home node cannot be reached: makes sure that nothing will be applied, and says so. */
    public CompletableFuture<ServiceException> loseHome(Caller caller, TxnId id, String home) {
        return state.resolve(caller, id).thenApply(fate -> unless(fate, id, Refusals.lost(id, home)));
    }

    /**
     * What to say of a fate that was just settled. Aborted is how a transaction ends that had no other fate; an id older than
     * ids are remembered cannot commit any more either.
     */
    private static ServiceException unless(Fate fate, TxnId id, ServiceException ifAborted) {
        boolean isTooOld = fate instanceof Fate.Refused refused && refused.why().kind() == ErrorKind.TXN_ID_EXPIRED;
        return isTooOld || fate instanceof Fate.Aborted ? ifAborted : told(fate, id);
    }

    private static ServiceException told(Fate fate, TxnId id) {
        return switch (fate) {
            case Fate.Committed committed ->
                Refusals.alreadyCommitted(id, committed.reply().commitTs());
            case Fate.Aborted aborted -> Refusals.aborted(id);
            case Fate.Refused refused -> refused.why();
            case Fate.Staged staged -> Refusals.notFound(id);
            case Fate.Unknown unknown -> Refusals.notFound(id);
        };
    }

    private static <T> CompletableFuture<T> fail(ServiceException refusal) {
        return CompletableFuture.failedFuture(refusal);
    }

    /** Ends the transaction if it can still end without effect; anything else stays what it is. */
    public void abort(Caller caller, TxnId id) {
        policy.require(caller, Role.WRITER, null);
        if (staged.abort(id)) {
            metrics.aborted();
        }
    }

    /** What the transaction has staged so far, for reading its own writes. */
    public List<Operation> operations(TxnId id) {
        guard.check(id);
        return staged.operations(id);
    }

    /** What became of an id, staged here or anywhere in the ledger. */
    public CompletableFuture<Fate> fate(Caller caller, TxnId id) {
        guard.check(id);
        return staged.isStaged(id) ? CompletableFuture.completedFuture(new Fate.Staged()) : state.fate(caller, id);
    }

    /** Frees what is over its time; a timer calls it. */
    public void expireDue() {
        metrics.expired(staged.expireDue());
    }
}
