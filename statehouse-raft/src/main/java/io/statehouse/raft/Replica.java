package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.storage.RocksStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What this member has applied, who waits for it, and how much of it a crash cannot take back.
 *
 * <p>Log entries are applied one after another in the thread of Ratis that brings them. A failure stops the process:
 * the entry may be half understood, and the next one must not be built on it.
 */
final class Replica {
    private final LiveState live = new LiveState();
    private final Halt halt;
    private final LogObserver observer;
    private final int featureLevelMax;
    private final AppliedWaiters commits;
    private final AppliedWaiters entries;
    private final AtomicLong bytesApplied = new AtomicLong();
    private final AtomicReference<Durable> forced = new AtomicReference<>(Durable.NOTHING);
    private final AtomicReference<Durable> published = new AtomicReference<>(Durable.NOTHING);

    /** When a snapshot was put in place that has not been opened yet, by {@link System#nanoTime}; null = there is none. */
    private volatile @Nullable Long reloadExpectedSince;

    /** Only the thread that starts or reloads uses it. */
    private Path database = Path.of("");

    private volatile BiConsumer<LoggedBatch, List<Reply>> onApplied = (batch, replies) -> {};

    /** What of the state a crash cannot take back. */
    record Durable(LogPosition position, CommitTs commitTs) {
        static final Durable NOTHING = new Durable(LogPosition.NONE, CommitTs.ZERO);

        Durable or(Durable other) {
            return other.position.compareTo(position) > 0 ? other : this;
        }
    }

    Replica(Halt halt, Executor repliesThread) {
        this(halt, repliesThread, LogObserver.NONE, FeatureLevel.LATEST);
    }

    /** @param featureLevelMax what this member takes part in */
    Replica(Halt halt, Executor repliesThread, LogObserver observer, int featureLevelMax) {
        this.halt = halt;
        this.observer = observer;
        this.featureLevelMax = featureLevelMax;
        this.commits = new AppliedWaiters(CommitTs.ZERO.value(), repliesThread);
        this.entries = new AppliedWaiters(LogPosition.NONE.index(), repliesThread);
    }

    /** Who learns, in the apply thread, what each batch was answered. */
    void onApplied(BiConsumer<LoggedBatch, List<Reply>> listener) {
        onApplied = listener;
    }

    /** Opens the current database, at the start. */
    LogPosition open(SnapshotDirectory directory) {
        database = directory.requireCurrent();
        live.replace(() -> directory.open(database));
        return resume();
    }

    /**
     * Goes on with the current database, which a snapshot may have brought, while nothing is applied.
     *
     * <p>The state never goes back: a reader may have been told already that it holds an entry. So a snapshot that turns
     * out older than what this member has applied meanwhile is given up.
     */
    LogPosition reload(SnapshotDirectory directory) {
        Path present = database;
        Path successor = directory.requireCurrent();
        if (successor.equals(present)) {
            makeDurable();
            return resume();
        }
        var candidate = directory.open(successor);
        boolean isNewer = candidate.applied().compareTo(query(StateMachine::applied)) >= 0;
        if (isNewer) {
            database = successor;
            live.replace(() -> candidate);
        } else {
            candidate.close();
            makeDurable();
            directory.switchBack(successor, present);
        }
        var position = resume();
        directory.retireAllBut(database);
        return position;
    }

    /** A snapshot is in place, and Ratis must have it opened soon: it takes no entries before. */
    void expectReload() {
        reloadExpectedSince = System.nanoTime();
    }

    /** There is none after all. */
    void expectNoReload() {
        reloadExpectedSince = null;
    }

    /** Whether a snapshot is or will be in place that is not opened yet. The log it goes on from must not be purged. */
    boolean isReloadExpected() {
        return reloadExpectedSince != null;
    }

    /** Whether Ratis has not opened a snapshot for so long that it never will. */
    boolean isReloadOverdue(Duration patience) {
        Long since = reloadExpectedSince;
        return since != null && System.nanoTime() - since > patience.toNanos();
    }

    private LogPosition resume() {
        reloadExpectedSince = null;
        var now = query(state -> new Durable(state.applied(), state.view().at()));
        forced.set(now);
        published.set(now);
        entries.advance(now.position.index());
        commits.advance(now.commitTs.value());
        live.resume();
        return now.position;
    }

    /** Applies an entry; false when it was dropped because a snapshot that holds it is about to replace the state. */
    boolean apply(LogPosition position, ByteBuffer entry) {
        int bytes = entry.remaining();
        long began = System.nanoTime();
        var stage = CommitStage.atIndex(CommitStage.APPLY, position.index());
        try {
            var batch = LogCodec.decode(entry);
            FeatureLevels.requireKnown(batch, featureLevelMax);
            var applied = live.execute(position, batch);
            if (applied == null) {
                return false;
            }
            bytesApplied.addAndGet(bytes);
            entries.advance(position.index());
            commits.advance(applied.at().value());
            stage.commands = batch.commands().size();
            stage.bytes = bytes;
            stage.commit();
            observer.applied(stage.commands, System.nanoTime() - began);
            onApplied.accept(batch, applied.replies());
            return true;
        } catch (RuntimeException | Error e) {
            ExitCode code = isDatabaseBroken() ? ExitCode.STORAGE_FAILED : ExitCode.STATE_UNTRUSTED;
            halt.now(code, "cannot apply log index " + position.index(), e);
            throw e;
        }
    }

    /** Whether the database's own threads have found it broken: then that is the reason, not the entry that came after it. */
    private boolean isDatabaseBroken() {
        try {
            return live.query(state -> {
                state.requireHealthy();
                return false;
            });
        } catch (RuntimeException e) {
            return e instanceof StoreFailedException;
        }
    }

    /** Passes over an entry of Ratis's own. */
    boolean pass(LogPosition position) {
        try {
            if (!live.skip(position)) {
                return false;
            }
            entries.advance(position.index());
            return true;
        } catch (RuntimeException | Error e) {
            halt.now(ExitCode.STATE_UNTRUSTED, "cannot pass over log index " + position.index(), e);
            throw e;
        }
    }

    <T> T query(Function<StateMachine, T> question) {
        try {
            return live.query(question);
        } catch (StoreFailedException e) {
            halt.now(ExitCode.STORAGE_FAILED, "cannot read the state", e);
            throw e;
        }
    }

    /** Stops the process when the database failed in the background. */
    void requireHealthy() {
        var unused = query(state -> {
            state.requireHealthy();
            return state.applied();
        });
    }

    /** Forces what has been applied to the disk; {@link #publish} makes it known. */
    Durable makeDurable() {
        long began = System.nanoTime();
        var stage = CommitStage.atIndex(CommitStage.FLUSH, entries.reached());
        try {
            var durable = live.query(state -> {
                var commitTs = state.view().at();
                var now = new Durable(state.makeDurable(), commitTs);
                return forced.accumulateAndGet(now, Durable::or);
            });
            stage.commit();
            observer.flushed(System.nanoTime() - began);
            return durable;
        } catch (StoreFailedException e) {
            halt.now(ExitCode.STORAGE_FAILED, "cannot force the state to the disk", e);
            throw e;
        }
    }

    /** Writes a copy of the present state into a directory that does not exist yet, and reads it all once. */
    void checkpoint(Path target) {
        query(state -> {
            var position = state.makeDurable();
            state.checkpoint(target);
            return position;
        });
        try {
            RocksStore.verify(target);
        } catch (StoreFailedException e) {
            // Its files are those of the live database.
            halt.now(ExitCode.STORAGE_FAILED, "the state on this disk is damaged", e);
            throw e;
        }
    }

    /** A copy of the present state, proven, to be sent elsewhere. Blocks for as long as it takes to read all of it. */
    StateCopy copy(SnapshotDirectory directory) throws IOException {
        Path target = directory.newCheckpoint();
        StateCopy copy = null;
        try {
            checkpoint(target);
            copy = StateCopy.of(target, directory.progressOf(target));
            return copy;
        } finally {
            if (copy == null) {
                SnapshotDirectory.remove(target);
            }
        }
    }

    /** From now on Ratis may believe that what was forced last survives a crash. */
    void publish() {
        published.accumulateAndGet(forced.get(), Durable::or);
    }

    Durable durable() {
        return published.get();
    }

    void pause() {
        live.pause();
    }

    AppliedWaiters commits() {
        return commits;
    }

    AppliedWaiters entries() {
        return entries;
    }

    /** Bytes of entries applied since this process started. */
    long bytesApplied() {
        return bytesApplied.get();
    }

    void close(LogException reason) {
        commits.failAll(reason);
        entries.failAll(reason);
        live.close();
    }
}
