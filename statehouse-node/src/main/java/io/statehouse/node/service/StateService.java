package io.statehouse.node.service;

import io.statehouse.node.metrics.NodeMetrics;
import io.statehouse.raft.ClusterView;
import io.statehouse.raft.Member;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.state.StateView;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The route of every write and every read through a node: authorize, limit, then propose or read.
 *
 * <p>Nothing here blocks: waiting is done by futures, and what follows a wait runs on the executor. Futures fail with what
 * {@link Refusals} can translate.
 */
public final class StateService {
    /** A hint may be old when it is used; a second leader in one call is the most that is worth trying. */
    private static final int FORWARDS_MAX = 2;

    private final ReplicatedLog log;
    private final AccessPolicy policy;
    private final LimitGuard guard;
    private final DiskGauge disk;
    private final Rates rates;
    private final PeerCalls peers;
    private final NodeMetrics metrics;
    private final Deadlines deadlines;
    private final Executor executor;

    public StateService(Node node, PeerCalls peers, NodeMetrics metrics, Deadlines deadlines, Executor executor) {
        this.log = node.log();
        this.policy = node.policy();
        this.guard = node.guard();
        this.disk = node.disk();
        this.rates = new Rates(log, System::nanoTime);
        this.peers = peers;
        this.metrics = metrics;
        this.deadlines = deadlines;
        this.executor = executor;
    }

    /** What every service of a node stands on. */
    public record Node(ReplicatedLog log, AccessPolicy policy, LimitGuard guard, DiskGauge disk) {}

    /** Commits all operations at once. A refusal fails the future. */
    public CompletableFuture<Reply.Committed> commit(Caller caller, CommitTransaction transaction) {
        authorize(caller, transaction);
        guard.check(transaction);
        requireRoom(transaction);
        rates.take(transaction);
        CompletableFuture<Reply.Committed> here = log.propose(transaction).thenApply(reply -> {
            if (reply instanceof Reply.Committed committed) {
                return committed;
            }
            throw Refusals.of(transaction, reply);
        });
        return onLeader(caller, here, leader -> peers.commit(leader, transaction, caller))
                .whenComplete((committed, failure) -> count(caller, transaction, committed));
    }

    /** Only the leader's disk decides here: a follower's is no reason to keep a commit from the others. */
    private void requireRoom(CommitTransaction transaction) {
        if (disk.isFull()
                && !transaction.operations().stream().allMatch(Operation.Delete.class::isInstance)
                && log.cluster().role() == ClusterView.Role.LEADER) {
            throw Refusals.storageFull(disk.space());
        }
    }

    /** Conditions and read versions say what is there, so they are for readers of the place only. */
    private void authorize(Caller caller, CommitTransaction transaction) {
        require(
                caller,
                Role.WRITER,
                transaction.txnId(),
                transaction.operations().stream().map(Operation::key));
        require(
                caller,
                Role.READER,
                transaction.txnId(),
                Stream.concat(
                        transaction.conditions().stream().map(Condition::key),
                        transaction.readSet().stream().map(ReadRecord::key)));
    }

    /** Asks once for each namespace. */
    private void require(Caller caller, Role role, TxnId id, Stream<Key> keys) {
        Set<String> granted = new HashSet<>();
        keys.forEach(key -> {
            String namespace = key.agent().namespace();
            if (granted.add(namespace)) {
                policy.require(caller, role, namespace, new AccessPolicy.About(id, key));
            }
        });
    }

    /** The caller as one who looks at events. */
    Viewer viewer(Caller caller, String namespace) {
        return new Viewer(policy, caller, namespace);
    }

    /** Refuses whoever may not read a namespace. */
    public void requireReader(Caller caller, String namespace) {
        policy.require(caller, Role.READER, namespace);
    }

    /** Whether the caller may know of a namespace. */
    public boolean maySee(Caller caller, String namespace) {
        return policy.permits(caller, Role.READER, namespace);
    }

    /** Counts a transaction on the node its caller spoke to. */
    private void count(Caller caller, CommitTransaction transaction, Reply.@Nullable Committed committed) {
        if (caller.isAtLeader()) {
            return;
        }
        if (committed == null) {
            metrics.refused();
        } else if (!committed.isReplayed()) {
            metrics.committed(transaction.operations());
        }
    }

    /** Tells the fate of an id for good: if it has none yet, it is aborted. */
    public CompletableFuture<Fate> resolve(Caller caller, TxnId id) {
        policy.require(caller, Role.WRITER, null);
        guard.check(id);
        CompletableFuture<Fate> here =
                log.propose(new ResolveTransaction(id)).thenApply(reply -> shown(caller, id, Fate.of(id, reply)));
        return onLeader(caller, here, leader -> peers.resolve(leader, id, caller));
    }

    /** The fate of an id as of now. */
    public CompletableFuture<Fate> fate(Caller caller, TxnId id) {
        policy.require(caller, Role.READER, null);
        guard.check(id);
        return fresh(caller, ReadPoint.NOW)
                .thenApplyAsync(
                        ignored -> {
                            policy.require(caller, Role.READER, null);
                            return shown(caller, id, log.query(machine -> fateIn(machine, id)));
                        },
                        executor);
    }

    /** Why something was refused names keys and their versions: for readers of the namespace only. */
    private Fate shown(Caller caller, TxnId id, Fate fate) {
        return fate instanceof Fate.Refused refused ? new Fate.Refused(told(caller, id, refused.why())) : fate;
    }

    /** The same of a refusal alone. */
    ServiceException told(Caller caller, TxnId id, ServiceException refusal) {
        String namespace = refusal.details().get(Refusals.NAMESPACE);
        boolean isAllowed =
                namespace == null || refusal.kind() == ErrorKind.PERMISSION_DENIED || maySee(caller, namespace);
        return isAllowed ? refusal : Refusals.withoutContents(id, refusal.kind());
    }

    private static Fate fateIn(StateMachine machine, TxnId id) {
        Reply reply = machine.fate(id);
        return reply == null ? new Fate.Unknown() : Fate.of(id, reply);
    }

    /** Has the leader do what this node could not, because it does not lead. */
    <T> CompletableFuture<T> onLeader(
            Caller caller, CompletableFuture<T> here, Function<Member, CompletableFuture<T>> there) {
        return caller.mayForward() ? elsewhere(here, there, FORWARDS_MAX) : here;
    }

    private <T> CompletableFuture<T> elsewhere(
            CompletableFuture<T> tried, Function<Member, CompletableFuture<T>> there, int triesLeft) {
        return tried.exceptionallyCompose(failure -> {
            Member leader = leaderAfter(failure);
            return leader == null || triesLeft == 0
                    ? CompletableFuture.failedFuture(failure)
                    : elsewhere(there.apply(leader), there, triesLeft - 1);
        });
    }

    /** Where to go after a failure that says nothing was proposed; null when there is nowhere to go. */
    private @Nullable Member leaderAfter(Throwable failure) {
        if (Refusals.of(failure).kind() != ErrorKind.NOT_LEADER) {
            return null;
        }
        Member leader = log.cluster().leader();
        return leader == null || leader.id().equals(log.cluster().self().id()) ? null : leader;
    }

    /** Answers a question about one namespace's state at a point; {@code *} = about all, null = the question looks by itself what the caller may see. */
    public <T> CompletableFuture<T> read(
            Caller caller, @Nullable String namespace, ReadPoint point, Function<StateView, T> question) {
        return look(caller, namespace, point, past -> question.apply(past.at(point.moment())));
    }

    /** Answers a question about several moments of one namespace, none later than the point asks this node to have. */
    <T> CompletableFuture<T> look(
            Caller caller, @Nullable String namespace, ReadPoint point, Function<Past, T> question) {
        policy.require(caller, Role.READER, namespace);
        return fresh(caller, point)
                .thenApplyAsync(
                        ignored -> {
                            // What was granted before the wait may have been revoked during it.
                            policy.require(caller, Role.READER, namespace);
                            return log.query(machine -> question.apply(new Past(machine)));
                        },
                        executor);
    }

    /** Completes when this node may answer a read at the point. */
    CompletableFuture<Void> fresh(Caller caller, ReadPoint point) {
        // The past does not change: a commit that is here needs no confirmation from the leader.
        if (point.moment() instanceof ReadPoint.Moment.AtCommit at && isApplied(at.commitTs())) {
            return CompletableFuture.completedFuture(null);
        }
        return switch (point.freshness()) {
            case ReadPoint.Freshness.Local local -> {
                requireMember();
                yield CompletableFuture.completedFuture(null);
            }
            case ReadPoint.Freshness.Linearizable now -> bounded(log.awaitReadable(), caller.timeLeft());
            case ReadPoint.Freshness.AtLeast at -> bounded(log.awaitApplied(at.commitTs()), caller.timeLeft());
        };
    }

    /** What a node holds that the cluster goes on without gets old, and nobody tells. */
    private void requireMember() {
        if (!log.isMember()) {
            throw Refusals.notReady(NodeHealth.NO_MEMBER);
        }
    }

    private boolean isApplied(CommitTs at) {
        return !at.isAfter(log.query(machine -> machine.view().at()));
    }

    private CompletableFuture<Void> bounded(CompletableFuture<Void> wait, Duration timeout) {
        return deadlines.within(timeout, wait).exceptionallyCompose(failure -> {
            if (failure instanceof TimeoutException) {
                wait.cancel(false);
                return CompletableFuture.failedFuture(Refusals.notReady(
                        "this node did not reach the asked state within " + timeout.toMillis() + " ms"));
            }
            return CompletableFuture.failedFuture(failure);
        });
    }
}
