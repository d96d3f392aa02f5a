package io.statehouse.node.service;

import io.statehouse.node.config.NodeLimits;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The transactions that are being staged on this node, in memory, each with an end that comes without its client's help.
 *
 * <p>Bounded in number and bytes. What ended is remembered for a while, so that a late verb hears what became of its
 * transaction instead of that there never was one.
 */
final class StagedTransactions {
    /** Ended transactions remembered; older ones are answered from the ledger. */
    static final int ENDED_MAX = 100_000;

    private final NodeLimits limits;
    private final LimitGuard guard;
    private final LongSupplier nanoTime;
    private final Supplier<TxnId> newId;

    /**
     * Guards everything below. Invariant: {@code due} holds what {@code open} holds but for transactions that commit past
     * their time, {@code bytes} is the sum of the sizes of the open, and no id is both open and ended.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<TxnId, Staged> open = new HashMap<>();
    private final TreeMap<Due, Staged> due = new TreeMap<>();
    private final Map<TxnId, Ended> ended = new LinkedHashMap<>();
    private long bytes;
    private long begun;

    StagedTransactions(NodeLimits limits, LimitGuard guard, LongSupplier nanoTime, Supplier<TxnId> newId) {
        this.limits = limits;
        this.guard = guard;
        this.nanoTime = nanoTime;
        this.newId = newId;
    }

    /** How a transaction ended. */
    sealed interface Ended {
        record Committed(CommitTs at) implements Ended {}

        record Aborted() implements Ended {}

        record Expired() implements Ended {}

        /** Its commit was sent, and no answer came before its time was over. */
        record Doubtful() implements Ended {}
    }

    /** What a commit finds under its id. */
    sealed interface Found {
        record Ready(CommitTransaction transaction) implements Found {}

        /** Never begun here, or ended longer ago than is remembered. */
        record Unknown() implements Found {}

        record Doubtful() implements Found {}
    }

    private enum Phase {
        OPEN,
        COMMITTING,
        /** A commit was sent without an answer: no more changes, but the same commit may be sent again. */
        IN_DOUBT
    }

    private record Due(long nanos, long order) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            // By difference, as System.nanoTime asks.
            int byTime = Long.signum(nanos - other.nanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final class Staged {
        private final TxnId id;
        private final Origin origin;
        private final Due due;
        private final List<Operation> operations = new ArrayList<>();
        private long bytes;
        private Phase phase = Phase.OPEN;
        /** Once a commit was sent without an answer, no refusal of a later one takes the doubt away. */
        private boolean wasInDoubt;

        private Staged(TxnId id, Origin origin, Due due) {
            this.id = id;
            this.origin = origin;
            this.due = due;
        }
    }

    TxnId begin(Duration timeout, Origin origin) {
        return locked(() -> {
            expire();
            if (open.size() >= limits.stagedTransactionsMax()) {
                throw Refusals.overloaded("stagedTransactionsMax", limits.stagedTransactionsMax(), open.size());
            }
            TxnId id = newId.get();
            Staged staged = new Staged(id, origin, new Due(nanoTime.getAsLong() + timeout.toNanos(), begun++));
            open.put(id, staged);
            due.put(staged.due, staged);
            return id;
        });
    }

    void add(TxnId id, Operation operation) {
        long size = LimitGuard.sizeOf(operation);
        locked(() -> {
            Staged staged = requireOpen(id);
            guard.checkStaged(staged.operations.size() + 1, staged.bytes + size);
            if (bytes + size > limits.stagedBytesMax()) {
                throw Refusals.overloaded("stagedBytesMax", limits.stagedBytesMax(), bytes + size);
            }
            staged.operations.add(operation);
            staged.bytes += size;
            bytes += size;
            return id;
        });
    }

    /** The operations staged so far, in order. */
    List<Operation> operations(TxnId id) {
        return locked(() -> List.copyOf(requireOpen(id).operations));
    }

    /** Whether the id is staged here and has not ended. */
    boolean isStaged(TxnId id) {
        return locked(() -> {
            expire();
            return open.containsKey(id);
        });
    }

    /** Closes the transaction to further changes and hands out what is to be committed. */
    Found startCommit(TxnId id) {
        return locked(() -> {
            expire();
            Staged staged = open.get(id);
            if (staged == null) {
                return ended(id);
            }
            if (staged.phase == Phase.COMMITTING) {
                throw Refusals.committing(id);
            }
            staged.phase = Phase.COMMITTING;
            return new Found.Ready(new CommitTransaction(id, staged.operations, List.of(), List.of(), staged.origin));
        });
    }

    private Found ended(TxnId id) {
        return switch (ended.get(id)) {
            case null -> new Found.Unknown();
            case Ended.Doubtful doubtful -> new Found.Doubtful();
            case Ended.Committed committed -> throw refusalOf(id, committed);
            case Ended.Aborted aborted -> throw refusalOf(id, aborted);
            case Ended.Expired expired -> throw refusalOf(id, expired);
        };
    }

    /** The commit was answered: the transaction is over. */
    void end(TxnId id, Ended how) {
        locked(() -> {
            Staged staged = open.get(id);
            if (staged != null) {
                remove(staged, how);
            }
            return id;
        });
    }

    /** This commit was definitely not applied, and may be tried again. */
    void reopen(TxnId id) {
        endCommit(id, false);
    }

    /** Nobody knows whether the commit was applied. */
    void doubt(TxnId id) {
        endCommit(id, true);
    }

    private void endCommit(TxnId id, boolean isInDoubt) {
        locked(() -> {
            Staged staged = open.get(id);
            if (staged != null) {
                staged.wasInDoubt |= isInDoubt;
                staged.phase = staged.wasInDoubt ? Phase.IN_DOUBT : Phase.OPEN;
                // While it was committing its time may have passed.
                due.put(staged.due, staged);
            }
            return id;
        });
    }

    /** Drops the transaction if it is open; anything else stays what it is. Tells whether it was. */
    boolean abort(TxnId id) {
        return locked(() -> {
            expire();
            Staged staged = open.get(id);
            if (staged == null || staged.phase != Phase.OPEN) {
                return false;
            }
            remove(staged, new Ended.Aborted());
            return true;
        });
    }

    /** Frees what is over its time; called by a timer, so that nothing waits for a client. Returns how many ended. */
    int expireDue() {
        return locked(this::expire);
    }

    int count() {
        return locked(open::size);
    }

    long bytes() {
        return locked(() -> bytes);
    }

    private Staged requireOpen(TxnId id) {
        expire();
        Staged staged = open.get(id);
        if (staged == null) {
            Ended how = ended.get(id);
            throw how == null ? Refusals.notFound(id) : refusalOf(id, how);
        }
        if (staged.phase != Phase.OPEN) {
            throw Refusals.committing(id);
        }
        return staged;
    }

    private int expire() {
        int count = 0;
        while (!due.isEmpty() && due.firstKey().nanos() - nanoTime.getAsLong() <= 0) {
            Staged staged = due.firstEntry().getValue();
            if (staged.phase == Phase.COMMITTING) {
                // Its answer ends it; until then it only stops being due.
                due.remove(staged.due);
                continue;
            }
            remove(staged, staged.phase == Phase.IN_DOUBT ? new Ended.Doubtful() : new Ended.Expired());
            count++;
        }
        return count;
    }

    private void remove(Staged staged, Ended how) {
        open.remove(staged.id);
        due.remove(staged.due);
        bytes -= staged.bytes;
        ended.put(staged.id, how);
        if (ended.size() > ENDED_MAX) {
            ended.remove(ended.keySet().iterator().next());
        }
    }

    private static ServiceException refusalOf(TxnId id, Ended how) {
        return switch (how) {
            case Ended.Committed committed -> Refusals.alreadyCommitted(id, committed.at());
            case Ended.Aborted aborted -> Refusals.aborted(id);
            case Ended.Expired expired -> Refusals.expired(id);
            case Ended.Doubtful doubtful -> Refusals.expired(id);
        };
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
