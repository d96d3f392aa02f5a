package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.state.RecentHeads;
import io.statehouse.statemachine.storage.Store;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One replica: the real state machine on a disk, fed from the log as Raft would. */
final class SimulatedReplica implements AutoCloseable {
    /** So few that crashes find some written and some not. */
    private static final RecentHeads.Bounds RECENT_HEADS = new RecentHeads.Bounds(20, 40, 1 << 20);

    private final int number;
    private final Limits limits;
    private final Mutant mutant;
    private final Fuse fuse = new Fuse();
    private Disk disk;
    private Store store;
    private StateMachine state;

    /** What a crash would leave, as this replica tells the log that may be purged up to there. */
    private LogPosition durable = LogPosition.NONE;

    SimulatedReplica(int number, Limits limits, Mutant mutant, Disk disk) {
        this.number = number;
        this.limits = mutant == Mutant.RETENTION_OF_ITS_OWN ? shortened(limits, number) : limits;
        this.mutant = mutant;
        this.disk = disk;
        this.store = new FusedStore(disk.open(), fuse);
        this.state = StateMachine.open(store, this.limits, RECENT_HEADS);
    }

    StateMachine state() {
        return state;
    }

    LogPosition durable() {
        return durable;
    }

    /** Applies an entry; null when it carries no commands. */
    @Nullable
    List<Reply> apply(LogPosition position, SimulatedLog.Entry entry) {
        if (entry.bytes() == null) {
            state.skip(position);
            return null;
        }
        LoggedBatch batch;
        try {
            batch = LogCodec.decode(ByteBuffer.wrap(entry.bytes()));
        } catch (StoreFailedException e) {
            if (mutant != Mutant.UNKNOWN_ENTRY_SKIPPED) {
                throw e;
            }
            state.skip(position);
            return null;
        }
        try {
            return state.execute(position, mutated(batch));
        } catch (SimulatedCrash e) {
            if (mutant != Mutant.ERROR_SWALLOWED) {
                throw e;
            }
            state = StateMachine.open(store, limits, RECENT_HEADS);
            state.skip(position);
            return null;
        }
    }

    /** What lets this replica die inside its next write or flush. */
    Fuse fuse() {
        return fuse;
    }

    void flush() {
        LogPosition reached = state.applied();
        state.makeDurable();
        durable = reached;
    }

    /** Dies and starts again from its disk. */
    void crash() {
        disk.crash();
        reopen();
    }

    /** A copy of this replica's disk as it is now. */
    Disk snapshot() {
        Disk copy = disk.copy();
        durable = state.applied();
        return copy;
    }

    /** Starts again from a copy of another replica's disk. */
    void install(Disk copy) {
        disk.close();
        disk = copy;
        reopen();
    }

    private void reopen() {
        fuse.putOut();
        store = new FusedStore(disk.open(), fuse);
        state = StateMachine.open(store, limits, RECENT_HEADS);
        durable = state.applied();
    }

    private static Limits shortened(Limits limits, int number) {
        return new Limits(
                limits.idBytesMax(),
                limits.keyBytesMax(),
                limits.valueBytesMax(),
                limits.jsonDepthMax(),
                limits.transactionOperationsMax(),
                limits.transactionBytesMax(),
                limits.conditionsMax(),
                limits.readSetMax(),
                limits.originBytesMax(),
                limits.txnIdRetention().minusSeconds(number));
    }

    private LoggedBatch mutated(LoggedBatch batch) {
        if (mutant == Mutant.CLOCK_IN_APPLY) {
            var own = new Stamp(
                    batch.stamp().proposedWallMillis() + number, batch.stamp().salt());
            return new LoggedBatch(own, batch.proposerId(), batch.batchId(), batch.commands());
        }
        if (mutant != Mutant.ORDER_OF_A_HASH_TABLE) {
            return batch;
        }
        return new LoggedBatch(
                batch.stamp(),
                batch.proposerId(),
                batch.batchId(),
                batch.commands().stream()
                        .map(command -> command instanceof CommitTransaction commit ? shuffled(commit) : command)
                        .toList());
    }

    private CommitTransaction shuffled(CommitTransaction commit) {
        List<Operation> operations = new ArrayList<>(commit.operations());
        operations.sort(Comparator.comparingInt(
                operation -> Integer.reverse(operation.key().hashCode() * (2 * number + 1))));
        return new CommitTransaction(
                commit.txnId(), operations, commit.conditions(), commit.readSet(), commit.origin());
    }

    @Override
    public void close() {
        disk.close();
    }
}
