package io.statehouse.statemachine;

import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.decide.RequestRules;
import io.statehouse.statemachine.history.Backfill;
import io.statehouse.statemachine.history.Deadlines;
import io.statehouse.statemachine.history.Fingerprint;
import io.statehouse.statemachine.history.Journal;
import io.statehouse.statemachine.history.KeptReply;
import io.statehouse.statemachine.history.Provenance;
import io.statehouse.statemachine.history.Quotas;
import io.statehouse.statemachine.history.ReplyLedger;
import io.statehouse.statemachine.history.Retention;
import io.statehouse.statemachine.history.Tokens;
import io.statehouse.statemachine.history.Verification;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.CommitView;
import io.statehouse.statemachine.state.Floors;
import io.statehouse.statemachine.state.RecentHeads;
import io.statehouse.statemachine.state.Retained;
import io.statehouse.statemachine.state.StateView;
import io.statehouse.statemachine.state.Usage;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.StoreFigures;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The front door of the core: executes logged batches in order and answers questions about the state they made.
 *
 * <p>One thread executes; any thread may read. A batch's rows are written as one unit, and only then is {@link #applied}
 * published: a reader that starts from the published commit sees all rows of it and asks for none beyond it. Every failure
 * that is not the caller's doing is a {@link StoreFailedException}, after which this object must not be used.
 */
public final class StateMachine implements AutoCloseable {
    private final Store store;
    private final Limits limits;
    private final RequestRules rules;
    private final Execution.Memory memory;
    private final Journal journal;
    private final Provenance provenance;

    /** Written by the executing thread after the rows it speaks of. */
    private volatile Applied applied;

    /** Set while a batch is underway; still set at the next one, it says that a batch came to no end. */
    private boolean isUnderway;

    private StateMachine(Store store, Limits limits, Applied applied) {
        this.store = store;
        this.limits = limits;
        this.rules = new RequestRules(limits);
        this.memory = new Execution.Memory(limits);
        this.journal = new Journal(store, () -> progress().commitTs());
        this.provenance = new Provenance(store, journal, () -> progress().point());
        this.applied = applied;
    }

    /** Opens the state that the store holds, or an empty one. The store is closed with this object. */
    public static StateMachine open(Store store, Limits limits) {
        return open(store, limits, RecentHeads.Bounds.DEFAULT);
    }

    /** The same with other bounds of what is in memory only until a later unit. */
    public static StateMachine open(Store store, Limits limits, RecentHeads.Bounds recentHeads) {
        Backfill.run(store);
        Applied applied = AppliedCodec.read(store);
        return new StateMachine(new RecentHeads(store, applied.commitTs(), recentHeads), limits, applied);
    }

    /** How far this state has come: the log entry whose effects it holds, all of them and nothing later, with its numbers. */
    public Applied progress() {
        return applied;
    }

    /** The log entry whose effects this state holds, all of them and nothing later. */
    public LogPosition applied() {
        return applied.position();
    }

    /**
     * Decides and applies a batch, all rows and the position at once, and returns one reply per command.
     *
     * <p>A batch at or below {@link #applied()} changes nothing; its replies come from the ledger.
     */
    public List<Reply> execute(LogPosition position, LoggedBatch batch) {
        Applied before = applied;
        if (position.compareTo(before.position()) <= 0) {
            return repeat(batch, before);
        }
        begin();
        List<Reply> replies;
        try (WriteUnit unit = new WriteUnit(store)) {
            Execution execution = new Execution(limits, memory, unit, before);
            replies = execution.execute(batch);
            publish(execution.applied().at(position), unit);
        }
        isUnderway = false;
        return replies;
    }

    /** Passes over a log entry that carries no commands; its position is stored as a batch's would be. */
    public void skip(LogPosition position) {
        Applied before = applied;
        if (position.compareTo(before.position()) <= 0) {
            return;
        }
        begin();
        try (WriteUnit unit = new WriteUnit(store)) {
            publish(before.at(position), unit);
        }
        isUnderway = false;
    }

    private void begin() {
        if (isUnderway) {
            throw new StoreFailedException("an earlier batch failed after " + applied.position()
                    + "; this replica cannot go on from a state it does not know");
        }
        isUnderway = true;
    }

    private void publish(Applied after, WriteUnit unit) {
        unit.put(Table.META, AppliedCodec.key(), AppliedCodec.encode(after));
        store.write(unit);
        applied = after;
    }

    /** What a batch was answered when it was executed. */
    private List<Reply> repeat(LoggedBatch batch, Applied now) {
        List<Reply> replies = new ArrayList<>(batch.commands().size());
        for (Command command : batch.commands()) {
            replies.add(repeat(command, now));
        }
        return replies;
    }

    private Reply repeat(Command command, Applied now) {
        if (command instanceof CheckDigest
                || command instanceof ExpireDue
                || command instanceof RetainDue
                || command instanceof RaiseFeatureLevel) {
            return new Reply.Done();
        }
        Reply unusable = rules.firstBroken(command.txnId());
        if (unusable != null) {
            return unusable;
        }
        Reply known = memory.ledger().answer(command, Fingerprint.of(command), now.logWallMillis(), store);
        return known == null ? memory.ledger().forgotten(now.logWallMillis()) : known;
    }

    /** The present. */
    public StateView view() {
        return new CommitView(store, applied.point());
    }

    /** The state as of a commit that has happened; the caller has checked that it is not in the future. */
    public StateView viewAt(CommitTs at) {
        Applied now = applied;
        if (at.isAfter(now.commitTs())) {
            throw new IllegalArgumentException("commit " + at + " is in the future of commit " + now.commitTs());
        }
        return new CommitView(store, at, () -> journal.wallMillis(at));
    }

    /** The state as of the last commit at or before an instant, milliseconds since 1970. */
    public StateView viewAtWall(long wallMillis) {
        return viewAt(journal.latestAt(wallMillis));
    }

    public Journal journal() {
        return journal;
    }

    /** Who wrote what, having read what. */
    public Provenance provenance() {
        return provenance;
    }

    /**
     * Begins to prove the journal from a commit on, the chain over it and the state derived from it, all as of now, while this
     * object goes on.
     */
    public Verification verify(CommitTs from) {
        return Verification.begin(store.snapshot(), from);
    }

    /** The reply kept under a transaction id; null when there is none. */
    public @Nullable Reply fate(TxnId txnId) {
        if (rules.firstBroken(txnId) != null) {
            return null;
        }
        KeptReply kept = memory.ledger().find(txnId, applied.logWallMillis(), store);
        return kept == null ? null : ReplyLedger.repeated(kept.reply());
    }

    /** SHA-256 chain over all events so far. */
    public byte[] chainHash() {
        return applied.chainHash().clone();
    }

    /** Order-independent 128-bit hash of all version rows; equal on equal replicas at the same commit_ts. */
    public byte[] digest() {
        return applied.digest().toBytes();
    }

    /** When the next key is due to lose its value, in milliseconds since 1970; {@link Long#MAX_VALUE} when none is. */
    public long nextDeadlineMillis() {
        return Deadlines.next(store);
    }

    /** What the log may hold: see {@link FeatureLevel}. */
    public int featureLevel() {
        return applied.featureLevel();
    }

    /** How much of its past a namespace keeps, and since when. */
    public Retained retention(Timeline timeline, String namespace) {
        return Floors.find(store, timeline, namespace);
    }

    /** What a namespace may take and takes. */
    public Usage usage(String namespace) {
        return Quotas.find(store, namespace);
    }

    /** What every namespace takes that has or had a quota, by name; {@link Limits#QUOTA_NAMESPACES_MAX} at most. */
    public SortedMap<String, Usage> usages() {
        return hasQuotas() ? Quotas.usages(store) : Collections.emptySortedMap();
    }

    /** Whether some namespace has or had a quota; where none has, there is nothing to ask. */
    public boolean hasQuotas() {
        return applied.quotas() > 0;
    }

    /** The token of a name; null when there is none. */
    public @Nullable AccessToken token(String name) {
        return Tokens.find(store, name);
    }

    /** All tokens, by name. */
    public List<AccessToken> tokens() {
        return Tokens.all(store);
    }

    /**
     * Whether retention has something to work off once log time is this, in milliseconds since 1970, or a namespace with a quota
     * is still to be counted.
     */
    public boolean isRetentionDue(long wallMillis) {
        Applied now = applied;
        return (now.trimming().namespaces() > 0 && Retention.isDue(store, Math.max(wallMillis, now.logWallMillis())))
                || (now.quotas() > 0 && Quotas.isDue(store));
    }

    /** Throws when the store failed in the background; writing finds out too, but only when there is something to write. */
    public void requireHealthy() {
        store.requireHealthy();
    }

    /** What the store says of itself. */
    public StoreFigures storeFigures() {
        return store.figures();
    }

    /** Flushes everything applied so far and returns the position a crash can no longer take back. Blocks. */
    public LogPosition makeDurable() {
        LogPosition reached = applied.position();
        return store.flush() ? reached : LogPosition.NONE;
    }

    /** Writes a consistent copy of the durable state into a directory that does not exist yet, by hard links where it can. */
    public void checkpoint(Path directory) {
        store.checkpoint(directory);
    }

    /** Flushes and closes the store. Nothing may read meanwhile or afterwards. */
    @Override
    public void close() {
        store.close();
    }
}
